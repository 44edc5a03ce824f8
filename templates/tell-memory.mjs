// Lets a Node program of an extra copy tell its live memory: at SIGUSR2 it collects garbage twice and writes down what is left.
import {mkdirSync, renameSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
const folder = join(import.meta.dirname, 'memory')
const path = join(folder, String(process.pid))
let told = 0

function tell() {
  const {heapUsed, external, rss} = process.memoryUsage()
  writeFileSync(`${path}.new`, `${told++} ${heapUsed + external} ${rss}\n`)
  renameSync(`${path}.new`, path)
}

process.on('SIGUSR2', () => {
  collect()
  // What finalizers let go is garbage only after a turn of the event loop.
  setImmediate(() => {
    collect()
    tell()
  })
})
mkdirSync(folder, {recursive: true})
tell()
