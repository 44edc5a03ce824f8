// Replaces every server of live, or those named, by new instances of the same release, without losing a call.

import {isServing} from './lib/cutover/anew.ts'
import {restartServers} from './lib/cutover/restartServers.ts'
import {settledLive} from './lib/cutover/settledLive.ts'
import {UserError} from './lib/errors/userError.ts'
import {observeStack} from './lib/instance/observeStack.ts'
import {readStopped, stoppedBy} from './lib/instance/stoppedFile.ts'
import {reportPrograms} from './lib/status/reportPrograms.ts'
import {step} from './lib/step/step.ts'
import {nearest} from './lib/text/nearest.ts'
import {phaseNames} from './phases/index.ts'
import {liveWay} from './phases/liveWay.ts'
import {trustAuthority} from './phases/trustAuthority.ts'
import {targetNames, targetOf} from './targets/index.ts'

// No fleet has so many servers that naming each of them would end here.
const namesAtMost = 1000
const answerWithinMs = 5000

await step(
  {
    name: '98-restart',
    about:
      'pnpm restart [SERVER…]: replaces every server of live, or those named, by new instances of the same release without losing a call.',
    targets: targetNames,
    phases: phaseNames,
    lockedTo: 'restart servers',
    words: namesAtMost,
  },
  async context => {
    const {fleet, flags, say, signal} = context
    const target = targetOf(fleet.target)
    const shell = context.shell('live')
    const live = await settledLive(context)
    const stopped = await readStopped(context.documents, live.folder)
    if (stopped !== undefined) throw new UserError(`live was ${stoppedBy(stopped)}`, 'pnpm start')
    if (!(await isServing(live, target, shell))) throw new UserError('the ingress of live does not run', 'pnpm resume')
    trustAuthority(live.ingress)
    const known = live.servers.map(({name}) => name)
    const asked = [...new Set([...flags.words, ...flags.servers])]
    const unknown = asked.filter(name => !known.includes(name))
    if (unknown.length > 0)
      throw new UserError(
        `live has no server ${unknown.join(', ')}`,
        `${nearest(unknown[0] ?? '', known)}known: ${known.join(', ')}`,
      )
    const {instance, changed} = await restartServers(live, asked.length === 0 ? known : asked, liveWay(context, target))
    const untried = (asked.length === 0 ? known : asked).filter(name => !changed.some(({server}) => server === name))
    if (untried.length > 0) say(`  not tried after that: ${untried.join(', ')}`)
    const programs = (await observeStack(instance, {target, shell, signal, withinMs: answerWithinMs})) ?? []
    const verdict = reportPrograms(programs, say)
    return changed.every(({ready}) => ready) ? verdict : 'fail'
  },
)
