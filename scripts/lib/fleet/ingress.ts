// The address of an environment, whom it answers, and its certificate: shape and sentences for editors.
import {z} from '../saved/zod.ts'

export const port = z.int().min(1).max(65535)

export const ingress = z.strictObject({
  port: port.describe('Port of the live ingress.'),
  hosts: z
    .array(z.string())
    .default(['localhost', '127.0.0.1'])
    .describe('Host names that are answered; *.example.org is a wildcard.'),
  origins: z
    .array(z.string())
    .default([])
    .describe('Web origins that may call; others get 403, as the specification says.'),
  streamCommentSeconds: z
    .number()
    .min(0)
    .max(3600)
    .default(25)
    .describe(
      'A stream of events that is silent for this long gets a comment, so that no proxy cuts it; 0: never. Taken up when the ingress starts.',
    ),
  tls: z
    .strictObject({
      certificate: z.string(),
      key: z.string(),
      authority: z
        .string()
        .optional()
        .describe('PEM file of the authority that signed it, when the machine does not know it.'),
      minimumDays: z.number().default(14).describe('Fewer days of validity left is a failure.'),
    })
    .optional()
    .describe('PEM files beside the fleet file; without them the ingress speaks plain HTTP on loopback.'),
})
