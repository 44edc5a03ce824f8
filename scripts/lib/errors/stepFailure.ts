// An expected fault that ends a step with an exit code of its own.
import {UserError} from './userError.ts'

export class StepFailure extends UserError {
  readonly exitCode: number

  constructor(exitCode: number, message: string, remedy?: string, options?: ErrorOptions) {
    super(message, remedy, options)
    this.name = 'StepFailure'
    this.exitCode = exitCode
  }
}
