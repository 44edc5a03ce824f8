// Who is told that a run ended: in what form, once, and with what when the other side misbehaves.
import assert from 'node:assert/strict'
import {describe, type TestContext, test} from 'node:test'
import {type Destination, destination} from '../../../scripts/lib/fleet/notify.ts'
import type {Entry, EntryBody} from '../../../scripts/lib/journal/entry.ts'
import type {FinalState} from '../../../scripts/lib/journal/finalState.ts'
import {type Alert, alertText} from '../../../scripts/lib/notify/alertText.ts'
import {isWantedBy, sendAlerts} from '../../../scripts/lib/notify/sendAlerts.ts'
import type {Told} from '../../../scripts/lib/notify/told.ts'
import {freePorts} from '../../../scripts/lib/target/freePorts.ts'
import {type Manner, receiver, secretPath} from './receiver.ts'

const state: FinalState = {
  outcome: 'rollback-failed',
  exitCode: 3,
  purpose: 'deploy',
  run: '20261120-103000-production-e2bd',
  fleet: 'sample',
  environment: 'production',
  release: '3e7d96b8ac0c77b931ee',
  sentence: 'the rollback could not finish: a person is needed, every copy is kept',
  isNews: true,
}
const contacts = [{name: 'Ada <on call> & Co', role: 'first', reach: '+1 555 0100'}]
const alert: Alert = alertText({state, bad: ['health/restarts memory'], contacts, logUrl: 'https://github.test/7'})

const token = '123456:AAcorrecthorsebattery'

function rig() {
  const journal: Entry[] = []
  const said: string[] = []
  return {
    journal,
    said,
    told: () => journal.flatMap(entry => (entry.type === 'fact' && entry.name === 'told' ? [entry.value as Told] : [])),
    teller: {
      record: (...entries: EntryBody[]) => void journal.push(...entries.map(entry => ({at: '', ...entry}))),
      entries: () => journal,
      say: (line: string) => void said.push(line),
    },
  }
}

const signal = new AbortController().signal
const to = (more: object): Destination => destination.parse({channel: 'webhook', secret: 'HOOK', ...more})

describe('alerts', {concurrency: true}, () => {
  test('B14 every channel gets its form at the same time, with the contacts when a person is needed', async context => {
    const [slack, webhook, telegram] = await Promise.all([receiver(context), receiver(context), receiver(context)])
    const {teller, told, journal, said} = rig()
    const destinations = [
      to({channel: 'slack', secret: 'SLACK'}),
      to({}),
      to({channel: 'telegram', secret: 'BOT', chat: '-100', server: telegram.origin}),
    ]
    await sendAlerts({teller, signal, alert, destinations, secrets: {SLACK: slack.url, HOOK: webhook.url, BOT: token}})

    assert.deepEqual(slack.came, [
      {
        path: secretPath,
        body: {
          text: [
            '‼ production of sample: the rollback could not finish: a person is needed, every copy is kept',
            'release 3e7d96b8ac0c',
            'not passed: health/restarts memory',
            'call Ada &lt;on call&gt; &amp; Co (first): +1 555 0100',
            'run 20261120-103000-production-e2bd, https://github.test/7',
          ].join('\n'),
        },
      },
    ])
    const [hooked] = webhook.came
    const {isNews: _, ...shown} = state
    const {text, ...fields} = hooked?.body ?? {}
    assert.deepEqual(fields, shown)
    assert.match(String(text), /call Ada <on call> & Co/)
    const [chatted] = telegram.came
    assert.equal(chatted?.path, `/bot${token}/sendMessage`)
    assert.equal(chatted?.body.chat_id, '-100')
    assert.match(String(chatted?.body.text), /call Ada <on call> & Co/)
    assert.deepEqual(
      told()
        .map(({whom, state: ended}) => [whom, ended])
        .sort(),
      [
        ['slack SLACK', 'begun'],
        ['slack SLACK', 'done'],
        ['telegram BOT -100', 'begun'],
        ['telegram BOT -100', 'done'],
        ['webhook HOOK', 'begun'],
        ['webhook HOOK', 'done'],
      ],
    )
    assertNoSecret(journal, said)
  })

  const manners: [manner: Manner, told: Told['state'], why: RegExp | undefined][] = [
    ['well', 'done', undefined],
    ['endless', 'done', undefined],
    [500, 'refused', /HTTP status 500/],
    [404, 'refused', /HTTP status 404/],
    ['leads elsewhere', 'refused', /HTTP status 307/],
    ['hangs', 'in doubt', /no answer within 400 ms/],
    ['cuts', 'in doubt', /no connection \([A-Z_]+\)/],
  ]
  for (const [manner, ended, why] of manners)
    test(`B14 a receiver that ${typeof manner === 'number' ? `answers ${manner}` : manner === 'well' ? 'answers' : manner}: ${ended}, and told again only when it was refused`, async context => {
      const one = await receiver(context, manner)
      // Long where an answer is awaited, since the machine may be busy.
      const deadlineMs = manner === 'hangs' ? 400 : 10_000
      const {teller, told, journal, said} = rig()
      const sending = {teller, signal, alert, destinations: [to({})], secrets: {HOOK: one.url}, deadlineMs}
      await sendAlerts(sending)
      assert.equal(told().at(-1)?.state, ended)
      if (why !== undefined) {
        assert.match(told().at(-1)?.why ?? '', why)
        assert.match(JSON.stringify(journal), /"name":"unproved"/)
      }
      await sendAlerts(sending)
      assert.equal(one.came.length, ended === 'refused' ? 2 : 1)
      assertNoSecret(journal, said)
    })

  const unusable: [what: string, make: (context: TestContext) => Promise<string | undefined>, why: RegExp][] = [
    ['nobody who listens', async () => `http://127.0.0.1:${(await freePorts(1))[0]}${secretPath}`, /ECONNREFUSED/],
    ['a secret that is not set', async () => undefined, /HOOK is not set/],
    ['a secret that is no address', async () => 'correcthorsebattery', /HOOK should be an address/],
    ['an address in the clear', async () => `http://example.org${secretPath}`, /HOOK should begin with https/],
    ['a name that there is not', async () => `https://nobody.invalid${secretPath}`, /no connection|no answer/],
  ]
  for (const [what, make, why] of unusable)
    test(`B14 ${what}: told so, without the address`, async context => {
      const {teller, told, journal, said} = rig()
      const secrets = {HOOK: await make(context)}
      await sendAlerts({teller, signal, alert, destinations: [to({})], secrets, deadlineMs: 2000})
      assert.match(told().at(-1)?.why ?? '', why)
      assertNoSecret(journal, said)
    })

  test('B14 a token that is none is not put into an address', async () => {
    const {teller, told} = rig()
    const destinations = [to({channel: 'telegram', secret: 'BOT', chat: '1'})]
    await sendAlerts({teller, signal, alert, destinations, secrets: {BOT: '../../correcthorsebattery'}})
    assert.match(told().at(-1)?.why ?? '', /BOT should be the token of a bot/)
  })

  test('B14 one that hangs does not keep the others waiting', async context => {
    const [hanging, well] = await Promise.all([receiver(context, 'hangs'), receiver(context)])
    const {teller, told} = rig()
    const destinations = [to({secret: 'ONE'}), to({secret: 'TWO'})]
    const secrets = {ONE: hanging.url, TWO: well.url}
    await sendAlerts({teller, signal, alert, destinations, secrets, deadlineMs: 500})
    assert.deepEqual(
      told()
        .slice(-2)
        .map(({whom, state: ended}) => [whom, ended]),
      [
        ['webhook TWO', 'done'],
        ['webhook ONE', 'in doubt'],
      ],
    )
  })

  test('B14 a run that was killed while it told is not told twice', async context => {
    const one = await receiver(context)
    const {teller, told, journal} = rig()
    const what = 'that the run ended rollback-failed'
    teller.record({type: 'fact', name: 'told', value: {whom: 'webhook HOOK', what, state: 'begun'}})
    await sendAlerts({teller, signal, alert, destinations: [to({})], secrets: {HOOK: one.url}})
    assert.equal(one.came.length, 0)
    assert.equal(told().length, 1)
    assert.match(JSON.stringify(journal), /it is not sent twice/)
  })
})

test('B14 rehearsals, good ends and watches are told to those who want them', () => {
  const wants = (more: object, of: Partial<FinalState>) => isWantedBy(to(more), {...state, ...of})
  assert.equal(wants({}, {outcome: 'good'}), true)
  assert.equal(wants({on: ['failed']}, {outcome: 'good'}), false)
  assert.equal(wants({on: ['failed']}, {outcome: 'failed'}), true)
  assert.equal(wants({}, {purpose: 'rehearsal'}), false)
  assert.equal(wants({rehearsals: true}, {purpose: 'rehearsal'}), true)
  assert.equal(wants({}, {isNews: false}), false)
})

function assertNoSecret(journal: readonly Entry[], said: readonly string[]): void {
  const all = `${JSON.stringify(journal)}${said.join('\n')}`
  for (const secret of [secretPath, 'correcthorsebattery', token]) assert.equal(all.includes(secret), false, all)
}
