// A process that backs up or restores, for tests that kill it or measure its memory: child.ts backup|restore FOLDER [FILE]
import {restoreBackup} from '../../../scripts/lib/backup/restoreBackup.ts'
import {liveEnvironmentIn} from './environment.ts'

const [, , what, folder = '', file = ''] = process.argv
const live = liveEnvironmentIn(folder)
console.log('began')
if (what === 'backup') await live.backUp({now: new Date()})
else await restoreBackup({...live.here, file})
console.log(`peak ${process.resourceUsage().maxRSS / 1024}`)
