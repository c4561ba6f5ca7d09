/** The instant so many milliseconds later. */
export function millisecondsAfter(instant: Date, milliseconds: number): Date {
  return new Date(instant.getTime() + milliseconds);
}

export function secondsAfter(instant: Date, seconds: number): Date {
  return millisecondsAfter(instant, seconds * 1000);
}

export function earlierOf(one: Date, other: Date): Date {
  return one < other ? one : other;
}

export function laterOf(one: Date, other: Date): Date {
  return one > other ? one : other;
}
