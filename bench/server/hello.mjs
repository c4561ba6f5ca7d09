/** What all hello routes answer, so that only the way there differs. */
export const HELLO = { message: 'hello' };
