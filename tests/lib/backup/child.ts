// A process that backs up or restores, for tests that kill it or measure its memory: child.ts backup|restore FOLDER [FILE]
import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {restoreBackup} from '../../../scripts/lib/backup/restoreBackup.ts'
import {liveEnvironmentIn} from './environment.ts'

const [, , what, folder = '', file = ''] = process.argv
const live = liveEnvironmentIn(folder)
// A key file says that backups are encrypted for it.
const path = join(folder, 'backup.key')
const recipient = existsSync(path) ? /age1\w+/.exec(readFileSync(path, 'utf8'))?.[0] : undefined
const key = recipient === undefined ? undefined : {variable: 'BACKUP_KEY_FILE', path}
if (recipient !== undefined) live.fleet.encryption = {recipients: [recipient], keyFile: 'BACKUP_KEY_FILE'}
console.log('began')
if (what === 'backup') await live.backUp({now: new Date(), key})
else await restoreBackup({...live.here, file, key})
console.log(`peak ${peakMegabytes()}`)

// maxRSS may be that of the process that started us, since Linux keeps it across exec; VmHWM is ours alone.
function peakMegabytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
}
