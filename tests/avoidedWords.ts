// Words and phrases that documents avoid, each with what to write instead; and the search for them in a text.

export interface AvoidedWord {
  line: number
  found: string
  instead: string
}

/** What is searched for, without regard to case, and what to write instead. */
const avoided: readonly (readonly [RegExp, string])[] = [
  [/\bmend(s|ed|ing)?\b/, 'fix'],
  [/\banew\b/, 'again, restart'],
  [/\bonce more\b/, 'again'],
  [/\btold\b/, 'reported, logged, printed, notified'],
  [/\btells? (of|nobody|everybody|people|them)\b/, 'reports, describes, notifies'],
  [/\bthrow-?away\b/, 'temporary'],
  [/\bthrown away\b/, 'discarded'],
  [/\btwins?\b/, 'rehearsal stack'],
  [/\bway back\b/, 'rollback, rollback path'],
  [/\b(?:go|goes|going|went|gone) back\b/, 'roll back, return'],
  [/\bputs? (?:\w+ ){0,3}in order\b/, 'recover, clean up'],
  [/\bstrangers?\b/, 'foreign origins and hosts, other users'],
  [/\bkilled run left\b/, 'an interrupted run'],
  [/\bnobody is cut off\b/, 'no dropped connections'],
  [/\brungs?\b/, 'health level'],
  [/\bladders?\b/, 'health levels'],
  [/\bclimb(s|ed|ing)?\b/, 'health check, run the health checks'],
  [/\beras?\b/, 'protocol version'],
  [/\b(?:old|new|extra|second|replaced|running) cop(?:y|ies)\b/, 'instance'],
  [
    /\b(?:of|on|beside|with) live(?= *(?:[,.;:)|]|$|(?:is|are|was|and|or|at|to|in|before|after)\b))/,
    'the live release, the live stack, production',
  ],
  [/\blive (?:is|was) (?:not )?(?:well|as it)\b/, 'the live stack is healthy, production is unchanged'],
  [/\bjudg(?:e|es|ed|ing|ement|ements|ment|ments)\b/, 'evaluate, verdict'],
  [/\bwords of (?:a|the|its) (?:command|process|program)\b/, 'arguments'],
  [/\bat the (?:most|least)\b/, 'at most, at least'],
  [/\bfor ever\b/, 'forever, indefinitely'],
  [/\bone a (?:line|server|phase|file)\b/, 'one per …'],
  [/\b(?:go|goes|going|went) on\b(?! standby)/, 'continue, keep running'],
  [/\b(?:come|comes|came|coming) up\b/, 'start'],
  [/\b(?:come|comes|came|coming) back\b/, 'recover, return, be restored'],
  [/\b(?:stand|stands|stood|held|hold|holds) still\b/, 'frozen, paused'],
  [/\bby (?:itself|themselves)\b/, 'automatically, alone'],
  [/\bsigns? of life\b/, 'heartbeat'],
  [/\bbeside\b/, 'next to, in addition to'],
  [/\bheard?\b/, 'receive, received'],
  [/\bthe house\b/, 'the project, the source tree'],
  [/(?<!\bthere )\bis no (?!longer\b|more\b)/, 'is not a …'],
  [/\bthere (?:is|are) none\b/, 'there is no …, it is missing'],
  [/\bread(?:s|ing)? (?:\w+ )?back\b/, 'verify'],
  [/\bbears? (?:load|witness)\b/, 'handle load, be connected'],
  [/\bfaithful(?:ly)?\b/, 'exact, exactly'],
  [/\ba look\b/, 'a check'],
  [/\blawful(?:ly)?\b/, 'allowed, valid'],
  [/\b(?:therein|thereof|whereof|hitherto|henceforth|upon|lest|albeit)\b/, 'the plain word'],
  [/\bchange of live\b/, 'change of production'],
  [/\bwhat (?:is|was|turns out|turned out) bad\b/, 'a failed release'],
]

/** Avoided words in a text of Markdown, outside of code blocks, inline code and link targets. */
export function avoidedWordsIn(markdown: string): AvoidedWord[] {
  return avoidedIn(proseOf(markdown))
}

/** Avoided words in plain prose, by line. */
export function avoidedIn(prose: string): AvoidedWord[] {
  return prose
    .split('\n')
    .flatMap((text, index) =>
      avoided.flatMap(([word, instead]) =>
        [...text.matchAll(new RegExp(word, 'gi'))].map(([found]) => ({line: index + 1, found, instead})),
      ),
    )
}

/** The same lines with code and link targets blanked, so that the numbers of lines stay. */
function proseOf(markdown: string): string {
  const blank = (text: string) => text.replaceAll(/[^\n]/g, ' ')
  return markdown
    .replaceAll(/^```[\s\S]*?^```$/gm, blank)
    .replaceAll(/`[^`]+`/g, blank)
    .replaceAll(/\]\([^)]*\)/g, blank)
}
