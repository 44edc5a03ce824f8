// Small pieces that every section of the HTML report uses.
import {clipped} from '../../lib/text/foreignText.ts'
import {type Markup, markup} from '../model/markup.ts'
import {wholeFleet} from '../model/reportChecks.ts'
import {type Shown, signs} from '../model/words.ts'

const textAtMost = 20_000

/** A section with its heading in the rail; `note` is the small line under the heading. */
export function section(id: string, heading: string, note: string, content: Markup | readonly Markup[]): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}${note !== '' && markup`<small>${note}</small>`}</h2>
<div>${content}</div>
</section>
`
}

/** The word with its sign; colour only repeats what both say. */
export function verdictWord(shown: Shown, word: string = shown): Markup {
  return markup`<b class="verdict ${shown}"><span aria-hidden="true">${signs[shown]}</span>${word}</b>`
}

export function serverName(server: string | undefined): Markup {
  return server === undefined ? markup`<span class="soft">${wholeFleet}</span>` : markup`<span>${server}</span>`
}

/** Text as a server or a command gave it, folded. */
export function folded(summary: string, text: string, open = false): Markup {
  return markup`<details${open && markup` open`}><summary>${summary}</summary><pre>${clipped(text, textAtMost)}</pre></details>`
}

export function none(text: string): Markup {
  return markup`<p class="none">${text}</p>`
}

/** Percentages for style attributes: always a plain number from 0 to 100. */
export function percent(part: number, whole: number): string {
  const share = whole > 0 && Number.isFinite(part / whole) ? part / whole : 0
  return `${(Math.min(1, Math.max(0, share)) * 100).toFixed(2)}%`
}
