// What a change under way, and what is on standby, are when they are read back.
import {instanceShape} from '../instance/instanceShape.ts'
import {line, runName, serverName} from '../saved/parts.ts'
import {z} from '../saved/zod.ts'

const strategies = ['blue-green', 'recreate'] as const

export const transitionShape = z
  .looseObject({
    run: runName,
    purpose: z.enum(['deploy', 'finish', 'rollback', 'restore']),
    from: instanceShape.optional(),
    to: instanceShape.optional(),
    changes: z.array(
      z.looseObject({
        server: serverName,
        kind: z.enum(['start', 'replace', 'remove', 'keep']),
        strategy: z.enum(strategies),
      }),
    ),
    stages: z.record(z.string(), z.enum(['waiting', 'held', 'switched', 'settled'])),
    halted: z.literal(true).optional(),
    givesUp: z.literal(true).optional(),
    failed: z.literal(true).optional(),
    restore: z.looseObject({way: z.enum(['apply', 'undo']), servers: z.array(serverName)}).optional(),
  })
  .superRefine(({from, to, changes}, context) => {
    const sides = {from: new Set(namesOf(from)), to: new Set(namesOf(to))}
    for (const [index, {server, kind}] of changes.entries())
      for (const side of needed[kind])
        if (!sides[side].has(server))
          context.addIssue({
            code: 'custom',
            path: ['changes', index, 'server'],
            message: `should be a server of ${side}`,
            input: server,
          })
  })

// What a change starts is on the side that it goes to, what it ends on the side that it comes from.
const needed = {start: ['to'], replace: ['from', 'to'], remove: ['from'], keep: ['to']} as const

function namesOf(instance: {servers: {name: string}[]} | undefined): string[] {
  return instance?.servers.map(({name}) => name) ?? []
}

export const standbyShape = z.looseObject({instance: instanceShape, until: line})
