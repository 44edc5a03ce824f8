// An expected fault: something the reader of the message can fix. Printed without a stack; everything else is a bug.

/** Thrown for faults that the user can fix. `remedy` is the next thing to do and is printed after an arrow. */
export class UserError extends Error {
  readonly remedy: string | undefined

  constructor(message: string, remedy?: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'UserError'
    this.remedy = remedy
  }
}
