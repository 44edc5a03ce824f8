// A strict reader for the XML that our reporters write: one root, double-quoted attributes, character references only.
export interface XmlElement {
  name: string
  attributes: Record<string, string>
  children: XmlElement[]
  text: string
}

/** The root element. Throws where the text is not well-formed, or uses a character that XML 1.0 forbids. */
export function parseXml(xml: string): XmlElement {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids (production 2)
  const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u.exec(xml)
  if (forbidden) throw new Error(`forbidden character at ${forbidden.index}`)
  const document: XmlElement = {name: '', attributes: {}, children: [], text: ''}
  const open = [document]
  const token = /<\?xml [^?]*\?>|<(\/?)([\w.-]+)((?:\s+[\w.:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex
    const match = token.exec(xml)
    const parent = open.at(-1)
    if (match === null || parent === undefined) throw new Error(`not well-formed at ${at}: ${xml.slice(at, at + 60)}`)
    const [, closing, name = '', attributes = '', empty, text] = match
    if (text !== undefined) parent.text += unescaped(text)
    else if (closing) {
      if (open.pop()?.name !== name) throw new Error(`</${name}> at ${at} closes another element`)
    } else if (name !== '') {
      const element = {name, attributes: attributesOf(attributes), children: [], text: ''}
      parent.children.push(element)
      if (!empty) open.push(element)
    }
  }
  const [root, ...others] = document.children
  if (root === undefined || others.length > 0 || open.length !== 1 || document.text.trim() !== '')
    throw new Error('should be one root')
  return root
}

/** All elements of that name, in document order. */
export function allNamed(element: XmlElement, name: string): XmlElement[] {
  return [...(element.name === name ? [element] : []), ...element.children.flatMap(child => allNamed(child, name))]
}

function attributesOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w.:-]+)="([^"]*)"/g)].map(
    ([, name = '', value = '']) => [name, unescaped(value)] as const,
  )
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length) throw new Error(`an attribute twice: ${text}`)
  return Object.fromEntries(pairs)
}

function unescaped(text: string): string {
  if (/&(?!#\d+;)/.test(text)) throw new Error(`a bare & in ${text.slice(0, 60)}`)
  return text.replace(/&#(\d+);/g, (_reference, code: string) => String.fromCodePoint(Number(code)))
}
