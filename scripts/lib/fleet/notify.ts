// The part of fleet.yaml that says who is told how a run of an environment ended.

import {outcomes} from '../journal/outcome.ts'
import {z} from '../saved/zod.ts'

/** One destination. Its address or token is a secret, so only the name of its variable stands here. */
export const destination = z.strictObject({
  channel: z
    .enum(['webhook', 'slack', 'telegram'])
    .describe('`webhook`: our JSON; `slack`: an incoming webhook that takes what Slack takes; `telegram`: a bot.'),
  secret: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/, 'should be a variable name such as SLACK_WEBHOOK_URL, never the value')
    .describe('The variable that holds the URL of the webhook, or the token of the bot.'),
  chat: z.string().min(1).optional().describe('telegram: the chat that the bot writes to.'),
  server: z
    .string()
    .regex(/^https?:\/\/[^/]+$/, 'should be an address without a path, such as https://api.telegram.org')
    .optional()
    .describe('telegram: another server of the Bot API than https://api.telegram.org.'),
  on: z
    .array(z.enum(outcomes))
    .min(1)
    .default([...outcomes])
    .describe('Which ends are told; all of them if absent.'),
  rehearsals: z.boolean().default(false).describe('Rehearsals and drills are told too.'),
})

export const notify = z
  .array(destination)
  .default([])
  .describe('Who is told how a run ended: best effort, each end once, without any effect on the run.')

export type Destination = z.infer<typeof destination>
