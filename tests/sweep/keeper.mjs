// A server with durable state for tests: `echo` of `keep:<id>` appends the id to a file, and two copies at once are written
// down as a conflict, which a server with a single writer must never see.
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import {join} from 'node:path'
import {callTool, serve} from './mcp.mjs'

const folder = process.env.STATE
// A release that no longer starts on what is there.
if (existsSync(join(folder, `refuses-${process.env.VERSION}`)))
  throw new Error('cannot read the state of a later version')
const writer = join(folder, 'writer')

function lives(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function otherWriter() {
  try {
    const pid = Number(readFileSync(writer, 'utf8'))
    return pid !== process.pid && lives(pid) ? pid : undefined
  } catch {
    return undefined
  }
}

const other = otherWriter()
if (other !== undefined) appendFileSync(join(folder, 'conflicts'), `${process.pid} began while ${other} ran\n`)
writeFileSync(writer, String(process.pid))
process.on('exit', () => {
  try {
    if (readFileSync(writer, 'utf8') === String(process.pid)) rmSync(writer)
  } catch {
    // The next one will see that this process is gone.
  }
})

serve({
  call(name, values) {
    if (name === 'echo' && values.message.startsWith('keep:')) {
      const file = openSync(join(folder, 'kept'), 'a')
      writeSync(file, `${values.message.slice(5)}\n`)
      fsyncSync(file)
      closeSync(file)
    }
    return callTool(name, values)
  },
})
