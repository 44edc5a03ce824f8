// Makes a backup of what must survive of the live environment, reads it back, and removes those that are too old.
import {relative} from 'node:path'
import {backUpLive} from './lib/backup/backUpLive.ts'
import {applyRetention} from './lib/backup/retention.ts'
import {step} from './lib/step/step.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames, targetOf} from './targets/index.ts'

await step(
  {
    name: '50-backup',
    targets: targetNames,
    phases: phaseNames,
    flags: {'with-code': {type: 'boolean'}},
    lockedTo: 'make a backup',
  },
  async context => {
    const {fleet, flags, record, say, signal} = context
    const now = new Date()
    const withCode = flags.own['with-code'] === true
    // Within a run that others began, it is the one before their change of live.
    const reason = flags.run === undefined ? 'manual' : 'deploy'
    const made = await backUpLive(context, targetOf(fleet.target), {withCode, now, reason})
    if (made === undefined) return undefined
    const removed = await applyRetention(context.documents, fleet.retention, now, signal)
    if (removed.length > 0) {
      record({type: 'fact', name: 'backup.removed', value: removed.map(backup => relative(fleet.folder, backup.path))})
      say(`  ${removed.length} older backups were removed`)
    }
    return undefined
  },
)
