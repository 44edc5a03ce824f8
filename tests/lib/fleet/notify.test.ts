// Who is told, in the fleet file: destinations by environment, and faults that never show a secret.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {secretNames} from '../../../scripts/lib/fleet/secretNames.ts'
import {fleetOf, fleetText, messageOf} from './readText.ts'

const notifying = (...lines: string[]) =>
  fleetText().replace(
    '  staging: {target: local, ingress: {port: 8700}}',
    [
      '  staging:',
      '    target: local',
      '    ingress: {port: 8700}',
      '    notify:',
      ...lines.map(line => `      ${line}`),
    ].join('\n'),
  )

test('B14 every environment has destinations of its own, and none by default', t => {
  const text = `${notifying('- {channel: slack, secret: STAGING_SLACK}')}  production: {target: local, ingress: {port: 8800}}\n`
  const [one, ...more] = fleetOf(t, text).notify
  assert.deepEqual([one?.secret, one?.rehearsals, one?.on.length, more], ['STAGING_SLACK', false, 5, []])
  assert.deepEqual(fleetOf(t, text, {environment: 'production'}).notify, [])
})

test('B14 its secrets are secrets: their values may not become configuration', t => {
  const text = notifying('- {channel: slack, secret: STAGING_SLACK}').replace(
    '    command: [memory-server]',
    "    command: [memory-server]\n    env: {URL: '${STAGING_SLACK}'}",
  )
  assert.match(
    messageOf(t, text, {exported: {STAGING_SLACK: 'https://x.test'}}),
    /takes the secret STAGING_SLACK as configuration/,
  )
})

test('B14 a bot needs a chat, and only a bot has one', t => {
  assert.match(
    messageOf(t, notifying('- {channel: telegram, secret: BOT}')),
    /notify\.0: needs the chat that the bot writes to/,
  )
  const wrong = notifying("- {channel: slack, secret: HOOK, chat: '1', server: https://api.example.org}")
  const message = messageOf(t, wrong)
  assert.match(message, /notify\.0\.chat: belongs to telegram, not to slack/)
  assert.match(message, /notify\.0\.server: belongs to telegram, not to slack/)
})

test('B14 an address where a name belongs is refused without being shown', t => {
  const message = messageOf(t, notifying('- {channel: slack, secret: https://hooks.example.org/T0/B0/hidden}'))
  assert.match(message, /should be a variable name such as SLACK_WEBHOOK_URL, never the value, got something else/)
  assert.doesNotMatch(message, /hidden/)
})

test('a fleet file of any shape has names of secrets, or none', () => {
  for (const raw of [
    null,
    {},
    {environments: {a: null}},
    {environments: {a: {notify: 'x'}}},
    {environments: {a: {notify: [null, 5]}}},
  ])
    assert.deepEqual([...secretNames(raw)], [])
})
