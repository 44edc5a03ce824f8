// A process that backs up or restores, for tests that kill it or measure its memory: child.ts backup|restore FOLDER [FILE]
import {readFileSync} from 'node:fs'
import {restoreBackup} from '../../../scripts/lib/backup/restoreBackup.ts'
import {liveEnvironmentIn} from './environment.ts'

const [, , what, folder = '', file = ''] = process.argv
const live = liveEnvironmentIn(folder)
console.log('began')
if (what === 'backup') await live.backUp({now: new Date()})
else await restoreBackup({...live.here, file})
console.log(`peak ${peakMegabytes()}`)

// maxRSS may be that of the process that started us, since Linux keeps it across exec; VmHWM is ours alone.
function peakMegabytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
}
