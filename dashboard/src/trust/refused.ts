/** What is not done, because it would do harm or could not work; the message says why, and what to do. */
export class Refused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Refused';
  }
}
