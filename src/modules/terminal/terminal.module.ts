import { Module } from '@nestjs/common';
import { DatabaseModule } from '../../kernel/database/index.js';
import { Agreements } from './approvals/agreements.js';
import { ApprovalDirectory } from './approvals/approval-directory.js';
import { Approval } from './approvals/approval.entity.js';
import { ApprovalVote } from './approvals/approval-vote.entity.js';
import { ApprovalsController } from './approvals/approvals.controller.js';
import { ApprovalsRepository } from './approvals/approvals.repository.js';
import { ApprovalsSchedule } from './approvals/approvals.schedule.js';
import { LeavingRequesters } from './approvals/leaving-requesters.js';
import { NewApprovals } from './approvals/new-approvals.js';
import { PolicyReview } from './approvals/policy-review.js';
import { Resolutions } from './approvals/resolutions.js';
import { ApprovalStreamController } from './approvals/stream/approval-stream.controller.js';
import { ApprovalStreams } from './approvals/stream/approval-streams.js';
import { Voting } from './approvals/voting.js';
import { AuditLogsController } from './commands/audit-logs.controller.js';
import { Cancelling } from './commands/cancelling.js';
import { Claims } from './commands/claims.js';
import { CommandDirectory } from './commands/command-directory.js';
import { CommandRequest } from './commands/command-request.entity.js';
import { CommandRequests } from './commands/command-requests.js';
import { CommandsController } from './commands/commands.controller.js';
import { CommandsRepository } from './commands/commands.repository.js';
import { LapsedCommands } from './commands/lapsed-commands.schedule.js';
import { LocalRuns } from './commands/local-runs.js';
import { EvaluationsController } from './evaluations/evaluations.controller.js';
import { EvaluationsService } from './evaluations/evaluations.service.js';
import { CallersRepository } from './judgement/callers.repository.js';
import { Claiming } from './execution/claiming.js';
import { ExecutionDriver } from './execution/driver.js';
import { Endings } from './execution/endings.js';
import { Executor } from './execution/executor.js';
import { CommandOutput } from './execution/output/command-output.entity.js';
import { CommandOutputController } from './execution/output/output.controller.js';
import { OutputKeeping } from './execution/output/output-keeping.js';
import { OutputRepository } from './execution/output/output.repository.js';
import { OutputStreams } from './execution/output/output-streams.js';
import { ProcessDriver } from './execution/process/process-driver.js';
import { RunsRepository } from './execution/runs.repository.js';
import { StandingRuns } from './execution/standing-runs.js';
import { Judge } from './judgement/judge.js';
import { Standings } from './judgement/standings.js';
import { TerminalPolicyController } from './replay/replay.controller.js';
import { ReplayService } from './replay/replay.service.js';
import { BlocklistController } from './rules/blocklist.controller.js';
import { PacksController } from './rules/packs.controller.js';
import { RuleOwners } from './rules/rule-owner.js';
import { RulesRepository } from './rules/rules.repository.js';
import { RulesService } from './rules/rules.service.js';
import { StarterPacks } from './rules/starter-packs.js';
import { TerminalRule } from './rules/terminal-rule.entity.js';
import { WhitelistController } from './rules/whitelist.controller.js';
import { TerminalStatsController } from './stats/stats.controller.js';
import { StatsRepository } from './stats/stats.repository.js';
import { StatsService } from './stats/stats.service.js';
import { StreamReaders } from './streams/stream-readers.js';
import './terminal.permissions.js';
import './terminal.settings.js';
import { OpenTrust } from './trust/open-trust.js';
import { TrustRepository } from './trust/trust.repository.js';
import { TrustUse } from './trust/trust-use.js';
import { TrustWindow } from './trust/trust-window.entity.js';
import { TrustWindowsController } from './trust/trust-windows.controller.js';
import { TrustWindowsService } from './trust/trust-windows.service.js';
import { ChangesAwaited } from './waiting/changes-awaited.js';
import { WaitingClients } from './waiting/waiting-clients.js';

/** Decides what a person or agent may run, asks a person when it must, runs it where it may, and keeps the proof. */
@Module({
  imports: [
    DatabaseModule.entities([
      TerminalRule,
      CommandRequest,
      Approval,
      ApprovalVote,
      TrustWindow,
      CommandOutput,
    ]),
  ],
  controllers: [
    WhitelistController,
    BlocklistController,
    PacksController,
    EvaluationsController,
    CommandsController,
    CommandOutputController,
    AuditLogsController,
    ApprovalStreamController,
    ApprovalsController,
    TrustWindowsController,
    TerminalStatsController,
    TerminalPolicyController,
  ],
  providers: [
    RulesRepository,
    RulesService,
    RuleOwners,
    StarterPacks,

    CallersRepository,
    Standings,
    Judge,
    EvaluationsService,

    CommandsRepository,
    CommandRequests,
    CommandDirectory,
    LocalRuns,
    LapsedCommands,
    Claims,
    Cancelling,
    ChangesAwaited,
    WaitingClients,
    StreamReaders,

    RunsRepository,
    Claiming,
    Endings,
    StandingRuns,
    Executor,
    { provide: ExecutionDriver, useClass: ProcessDriver },
    OutputRepository,
    OutputKeeping,
    OutputStreams,

    ApprovalsRepository,
    Agreements,
    NewApprovals,
    ApprovalDirectory,
    Voting,
    Resolutions,
    PolicyReview,
    LeavingRequesters,
    ApprovalsSchedule,
    ApprovalStreams,

    TrustRepository,
    OpenTrust,
    TrustUse,
    TrustWindowsService,

    StatsRepository,
    StatsService,
    ReplayService,
  ],
})
export class TerminalModule {}
