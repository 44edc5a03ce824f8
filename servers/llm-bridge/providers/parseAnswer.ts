// A provider's JSON answer checked against the shape that its interface promises.
import type {z} from 'zod'
import {ProviderFailure} from './failure.ts'

/** The checked answer. Throws ProviderFailure `malformed` that names the first wrong key. */
export function parseAnswer<Shape extends z.ZodType>(shape: Shape, answer: unknown, what: string): z.infer<Shape> {
  const result = shape.safeParse(answer)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const place = issue?.path.join('.') || '(top)'
  throw new ProviderFailure('malformed', `${what} is not of the expected form: ${place}: ${issue?.message}`)
}
