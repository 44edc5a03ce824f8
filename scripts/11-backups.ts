// Lists the backups of an environment: why each was made, what is in it, and which one `latest` means; changes nothing.
import {relative} from 'node:path'
import {backupLines} from './lib/backup/backupLines.ts'
import {listBackups} from './lib/backup/listBackups.ts'
import {backupFolder} from './lib/backup/makeBackup.ts'
import {jsonText} from './lib/cli/printed.ts'
import {looking} from './lib/step/looking.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames} from './targets/index.ts'

const about = 'pnpm backups: lists the backups of the environment, with the reason, size and servers of each.'

await looking({about, targets: targetNames, phases: phaseNames}, async ({fleet, flags, documents, say}) => {
  const folder = backupFolder(fleet)
  const backups = await listBackups({documents, folder})
  if (flags.json) console.log(jsonText({folder, backups}, 2))
  else for (const line of backupLines(relative(fleet.folder, folder), backups)) say(line)
  return undefined
})
