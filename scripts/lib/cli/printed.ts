// What a line for people looks like on its way out: commands completed, and nothing of others that a terminal or GitHub would obey.
import {visible} from '../text/foreignText.ts'
import {completeCommands, type Given} from './nextCommand.ts'

// Colours, which our own reports have; a terminal does nothing else at these.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
const colours = /(\u001b\[[\d;]*m)/

/** Text that was put together from what servers, files and other programs say, without the secrets. */
export function printed(text: string, given: Given): string {
  return harmless(completeCommands(text, given))
}

/** The same without commands in it, such as a server's log. */
export function harmless(text: string): string {
  return withoutOrders(visible(text))
}

/** What a step printed, of which only its colours are obeyed. */
export function stepLine(line: string): string {
  return line
    .split(colours)
    .map((part, index) => (index % 2 === 1 ? part : visible(part)))
    .join('')
}

/** One JSON text that holds nothing a terminal obeys, and says the same. */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent) ?? 'null'
  return text.replace(/(?![\n\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffe\uffff]/gu, escaped)
}

// In UTF-16 units, as JSON writes them.
function escaped(character: string): string {
  return character
    .split('')
    .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}

// The runner of GitHub obeys a line that begins with `::`, whatever blanks stand before it, and `##[` anywhere in one.
function withoutOrders(text: string): string {
  return text.replace(/^(\s*):(?=:)/gm, '$1⟨U+003A⟩').replaceAll('##[', '#⟨U+0023⟩[')
}
