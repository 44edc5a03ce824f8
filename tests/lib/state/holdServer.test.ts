import assert from 'node:assert/strict'
import {test} from 'node:test'
import {holdServer} from '../../../scripts/lib/state/holdServer.ts'
import type {Command} from '../../../scripts/lib/target/command.ts'
import type {Instance} from '../../../scripts/lib/target/instance.ts'
import type {Target} from '../../../scripts/lib/target/target.ts'

test('X14 a server that was held without saying so in time is let go all the same', async () => {
  const ran: string[] = []
  const command = (why: string): Command => ({argv: [], why, readOnly: false, deadlineMs: 1})
  const target = {name: 'toy', hold: {begin: () => command('hold'), end: () => command('let go')}} as unknown as Target
  const shell = {
    run: async ({why}: Command) => {
      ran.push(why)
      if (why === 'hold') throw new Error('it did not say that it started')
      return ''
    },
  }
  const instance = {servers: [{name: 'one'}]} as unknown as Instance
  const {during} = holdServer({instance, server: 'one', seconds: 1, target, shell})
  await assert.rejects(during?.(() => assert.fail('the work began')) ?? Promise.resolve(), /did not say/)
  assert.deepEqual(ran, ['hold', 'let go'])
})
