// No secret reaches a journal, whatever form it takes and wherever it stands.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import fc from 'fast-check'
import {redactor} from '../../../scripts/lib/journal/redactor.ts'

const secret = 'p@ss "wörd"/1+2'
const redact = redactor({API_KEY: secret, UNSET: undefined, SHORT: 'abc'})

const forms: Record<string, string> = {
  plain: secret,
  'URL-encoded': encodeURIComponent(secret),
  'URL-encoded in small letters': encodeURIComponent(secret).replace(/%../g, code => code.toLowerCase()),
  'of a form': new URLSearchParams({key: secret}).toString().slice(4),
  JSON: JSON.stringify(secret).slice(1, -1),
  'JSON within JSON': JSON.stringify(JSON.stringify(secret)).slice(3, -3),
  'JSON in ASCII': JSON.stringify(secret).slice(1, -1).replace('ö', '\\u00f6'),
  base64: Buffer.from(secret).toString('base64'),
  base64url: Buffer.from(secret).toString('base64url'),
  hex: Buffer.from(secret).toString('hex'),
  'hex in capitals': Buffer.from(secret).toString('hex').toUpperCase(),
}

for (const [name, form] of Object.entries(forms)) {
  test(`takes out a secret that is ${name}`, () => {
    assert.equal(redact(`before ${form}`).startsWith('before [secret API_KEY]'), true, redact(`before ${form}`))
    assert.ok(!redact(`${form} after`).includes(form))
  })
}

test('takes it out of Basic authentication, wherever it falls in groups of three bytes', () => {
  for (const user of ['', 'a', 'ab', 'abc']) {
    const header = Buffer.from(`${user}:${secret}:tail`).toString('base64')
    const left = Buffer.from(redact(header).replaceAll('[secret API_KEY]', ''), 'base64').toString()
    assert.match(redact(header), /\[secret API_KEY\]/)
    assert.ok(!left.includes(secret.slice(2, -2)))
  }
})

test('takes it out of keys, lists and deep values, and leaves everything else as it is', () => {
  const value = {
    [`key ${secret}`]: [{deep: [`x${secret}y`, 5, true, null, undefined]}],
    short: 'abc stays, since it is too short to be replaced everywhere',
  }
  assert.deepEqual(redact(value), {
    'key [secret API_KEY]': [{deep: ['x[secret API_KEY]y', 5, true, null, undefined]}],
    short: 'abc stays, since it is too short to be replaced everywhere',
  })
  assert.ok(`key ${secret}` in value, 'the value itself is not changed')
})

test('takes out a number that is the secret', () => {
  assert.deepEqual(redactor({PIN: '1234567890'})({pin: 1234567890, other: 12}), {pin: '[secret PIN]', other: 12})
})

test('takes out every line of a secret with several, since logs are shown line by line', () => {
  const pem =
    '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSjAgEAAoIB\n-----END PRIVATE KEY-----\n'
  assert.equal(redactor({KEY: pem})('AQEFAASCBKcwggSjAgEAAoIB\n'), '[secret KEY]\n')
})

test('takes the password of a secret URL out alone, as it stands and decoded', () => {
  const redact = redactor({
    DATABASE_URL: 'postgres://svc:p%40ss%2Fword9@db.internal:5432/app',
    PLAIN: 'https://host/path',
  })
  for (const text of ['p%40ss%2Fword9', 'p@ss/word9', Buffer.from('p@ss/word9').toString('base64')])
    assert.doesNotMatch(redact(`login with ${text} failed`), /p@ss|p%40ss|cEBzcy93b3JkO/)
  assert.equal(redact('p@ss/word9'), '[secret DATABASE_URL]')
  assert.equal(redact('svc at db.internal:5432, host, path'), 'svc at db.internal:5432, host, path')
  assert.equal(redactor({BROKEN: 'redis://:100%secret-word@cache'})('100%secret-word'), '[secret BROKEN]')
})

test('the longer of two secrets goes first, so that nothing of it is left', () => {
  const two = redactor({A: 'password', B: 'password-and-more'})
  assert.equal(two('x password-and-more y password'), 'x [secret B] y [secret A]')
})

const secrets = fc.oneof(
  fc.string({minLength: 8, maxLength: 40}),
  fc.string({minLength: 8, maxLength: 40, unit: 'grapheme'}),
  fc.string({minLength: 8, maxLength: 40, unit: fc.constantFrom('"', '\\', '/', '+', ' ', '\n', '%', 'a', 'é', '=')}),
)

test('of no secret of eight characters or more anything is left in what would be written', () => {
  fc.assert(
    fc.property(secrets, fc.string(), fc.string(), (value, before, after) => {
      fc.pre(!'[secret S]'.includes(value))
      const everywhere = {
        [`${before}${value}${after}`]: `${before} ${value} ${after}`,
        list: [value, {url: encodeURIComponent(value.toWellFormed()), json: JSON.stringify({value})}],
        base64: Buffer.from(value).toString('base64'),
        within: Buffer.from(`${before}\0${value}`).toString('base64'),
        hex: Buffer.from(value).toString('hex'),
      }
      const hidden = redactor({S: value})(everywhere)
      const texts = JSON.stringify(hidden)
      const escaped = JSON.stringify(value).slice(1, -1)
      for (const form of [escaped, encodeURIComponent(value.toWellFormed()), Buffer.from(value).toString('hex')])
        assert.ok(!texts.includes(form), `${form} is left in ${texts}`)
      assert.ok(!Object.keys(hidden).some(key => key.includes(value)))
      assert.ok(hidden.base64.includes('[secret S]') && hidden.within.includes('[secret S]'))
    }),
    {numRuns: 300},
  )
})
