import { problem } from '../../kernel/problem/index.js';

export class DigestMismatch extends problem({
  status: 409,
  code: 'digest_mismatch',
  title: 'The digest is that of another command',
  meaning:
    'What is to be run is not what the digest was made of: the vote names another digest, or the command was changed after it was approved.',
  remedy: 'Read the approval again, look at what would run, and vote with the digest shown there.',
}) {}

export class CommandNotPending extends problem({
  status: 409,
  code: 'command_not_pending',
  title: 'The command does not wait for this',
  meaning:
    'The command has gone on, or was never in the state that the request is about; it can be used once.',
  remedy: 'Read the command to see where it is; ask for a new one to run it again.',
}) {
  constructor(detail: string, status: string) {
    super(detail, { members: { commandStatus: status } });
  }
}

export class PolicyChanged extends problem({
  status: 409,
  code: 'policy_changed',
  title: 'The rules refuse the command now',
  meaning:
    'Rules or rights have changed since the command was judged, and now it is refused; it has been cancelled.',
  remedy: 'Ask for a command that the rules allow; an evaluation tells the reasons.',
}) {}

export class NotRequester extends problem({
  status: 403,
  code: 'not_requester',
  title: "The command is somebody else's",
  meaning: 'Only the principal that asked for a command may confirm, report or withdraw it.',
  remedy: 'Use the credential of the requester.',
}) {}

export class OwnRequest extends problem({
  status: 403,
  code: 'own_request',
  title: 'Nobody decides about their own command',
  meaning: 'The voter asked for the command, or is the person whom the asking agent acts for.',
  remedy: 'Ask another approver.',
}) {}

export class VoterNotEligible extends problem({
  status: 403,
  code: 'voter_not_eligible',
  title: 'This vote needs somebody else',
  meaning:
    'The voter lacks each of the roles that the approval asks for (they are compared by name, an admin is not meant by itself), or votes with the identity of somebody else.',
  remedy: 'Ask a person with one of the roles in requiredRoles, signed in as themselves.',
}) {}

export class AlreadyVoted extends problem({
  status: 409,
  code: 'already_voted',
  title: 'This person has voted already',
  meaning: 'Everybody has one vote, and votes are kept.',
  remedy: 'Wait for others to vote.',
}) {}

export class AlreadyResolved extends problem({
  status: 409,
  code: 'already_resolved',
  title: 'It has been decided already',
  meaning: 'The approval was approved, rejected or cancelled before this request.',
  remedy: 'Read the approval to see what became of it.',
}) {
  constructor(status: string) {
    super(`The approval is ${status}.`, { members: { approvalStatus: status } });
  }
}

export class ApprovalExpired extends problem({
  status: 410,
  code: 'approval_expired',
  title: 'The approval has expired',
  meaning: 'Nobody decided in time, or what was approved was not run in time.',
  remedy: 'Ask for the command again.',
}) {}
