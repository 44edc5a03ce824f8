// Loaded into a step by NODE_OPTIONS=--import: kills its whole process group at the Nth effect, to prove that whatever was
// done before can be put in order. An effect is an entry of the journal, or a change of a name on the disk.

import * as fs from 'node:fs'
import {appendFileSync} from 'node:fs'
import {createRequire, syncBuiltinESMExports} from 'node:module'
import {basename} from 'node:path'

const {SWEEP_KINDS, SWEEP_AT, SWEEP_LOG} = process.env
const kinds = SWEEP_KINDS.split(',')
const at = Number(SWEEP_AT)
let count = 0

// Written before the kill, so that the test sees where it was.
function effect(kind, what) {
  if (!kinds.includes(kind)) return
  count += 1
  appendFileSync(SWEEP_LOG, `${count} ${kind} ${what}\n`)
  if (count === at) process.kill(0, 'SIGKILL')
}

const own = createRequire(import.meta.url)('node:fs')
const real = {...fs}
const journals = new Map()

own.openSync = (path, ...rest) => {
  const file = real.openSync(path, ...rest)
  if (basename(String(path)) === 'journal.jsonl' && rest[0] === 'a+') journals.set(file, '')
  return file
}
own.writeFileSync = (target, text, ...rest) => {
  const result = real.writeFileSync(target, text, ...rest)
  if (journals.has(target)) journals.set(target, String(text))
  return result
}
// The journal closes its file once the entry is on the disk.
own.closeSync = file => {
  real.closeSync(file)
  const text = journals.get(file)
  journals.delete(file)
  if (text) effect('entry', described(text))
}
own.renameSync = (from, to) => {
  effect('before', `rename ${basename(to)}`)
  real.renameSync(from, to)
  effect('after', `rename ${basename(to)}`)
}
own.linkSync = (from, to) => {
  real.linkSync(from, to)
  // A release is placed by links too, one a file, and whole or not at all; only the lock is taken by one.
  if (basename(to).startsWith('lock.json')) effect('after', `link ${basename(to)}`)
}
own.rmSync = (path, ...rest) => {
  real.rmSync(path, ...rest)
  effect('after', `remove ${basename(path)}`)
}
syncBuiltinESMExports()

// Several entries may go to the disk in one write; the last of them tells where it was.
function described(text) {
  const {type, state, step, why, name, check, event, server} = JSON.parse(text.trim().split('\n').at(-1))
  return [type, state, step ?? why ?? name ?? check ?? event, server].filter(Boolean).join(' ')
}
