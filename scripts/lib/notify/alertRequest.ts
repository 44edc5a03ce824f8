// The one request that brings an alert to a destination, in the form that its channel takes.
import type {Destination} from '../fleet/notify.ts'
import type {Alert} from './alertText.ts'
import {NotHeard} from './told.ts'

export interface AlertRequest {
  url: string
  body: object
}

/** The longest text that a bot of Telegram may send; Slack takes more. */
const longestText = 4096

/** `value` is that of the secret. Throws a `NotHeard` that does not show it. */
export function alertRequest(destination: Destination, value: string | undefined, alert: Alert): AlertRequest {
  const {channel, secret, chat, server = 'https://api.telegram.org'} = destination
  if (value === undefined || value === '') throw new NotHeard(`${secret} is not set`, false)
  const text = [alert.headline, ...alert.lines].join('\n')
  switch (channel) {
    case 'webhook':
      return {url: safeUrl(value, secret), body: webhookBody(alert, text)}
    case 'slack':
      return {url: safeUrl(value, secret), body: {text: clipped(escaped(text))}}
    case 'telegram': {
      if (!/^[\w:-]+$/.test(value)) throw new NotHeard(`${secret} should be the token of a bot, such as 123:ABC`, false)
      const body = {chat_id: chat, text: clipped(text), link_preview_options: {is_disabled: true}}
      return {url: safeUrl(`${server}/bot${value}/sendMessage`, 'its server'), body}
    }
  }
}

/** What docs/alerts.md promises to receivers. */
function webhookBody(
  {fleet, environment, purpose, outcome, exitCode, run, release, sentence}: Alert,
  text: string,
): object {
  return {fleet, environment, purpose, outcome, exitCode, run, release, sentence, text}
}

// An address of a webhook is a password: it must not cross a network in the clear.
function safeUrl(text: string, name: string): string {
  if (!URL.canParse(text)) throw new NotHeard(`${name} should be an address such as https://…, it is none`, false)
  const {protocol, hostname} = new URL(text)
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  if (protocol === 'https:' || (protocol === 'http:' && isHere)) return text
  throw new NotHeard(`${name} should begin with https://`, false)
}

// https://docs.slack.dev/messaging/formatting-message-text: these three alone have a meaning in Slack's text.
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function clipped(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText - 1).toWellFormed()}…`
}
