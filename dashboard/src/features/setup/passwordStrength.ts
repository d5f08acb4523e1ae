export interface Strength {
  /** 0 (refused) to 4 (strong). */
  level: 0 | 1 | 2 | 3 | 4;
  label: string;
  advice: string;
}

/** Characters that the server asks for at least. */
export const minimumLength = 10;

const common = ['password', 'passwort', 'letmein', 'qwertz', 'qwerty', 'welcome', 'admin', 'iloveyou', 'dragon', 'monkey', 'messaging', '123456', 'abc123'];

/**
 * A rough guess, made to guide and not to judge: length counts most, then how many different characters there are;
 * well-known words, runs (abcd, 1234) and the user's own name count for little.
 */
export function passwordStrength(password: string, username: string, minimum = minimumLength): Strength {
  if (password.length === 0) return { level: 0, label: '', advice: `At least ${minimum} characters. Four or five unrelated words are easy to remember and hard to guess.` };
  if (password.length < minimum) {
    const missing = minimum - password.length;
    return { level: 0, label: 'Too short', advice: `${missing} more ${missing === 1 ? 'character' : 'characters'}.` };
  }
  const lower = password.toLowerCase();
  const name = username.trim().toLowerCase();
  if (name.length >= 3 && lower.includes(name)) return { level: 1, label: 'Easy to guess', advice: 'It contains your name.' };
  const word = common.find((entry) => lower.includes(entry));
  const effective = effectiveLength(lower) - (word ? word.length - 1 : 0);
  if (effective < 8) return { level: 1, label: 'Easy to guess', advice: word ? `“${word}” is among the first words that are tried.` : 'It repeats itself or runs along the keyboard.' };
  if (effective < 12) return { level: 2, label: 'Fair', advice: 'Another unrelated word makes it good.' };
  if (effective < 16) return { level: 3, label: 'Good', advice: 'Keep it in a password manager.' };
  return { level: 4, label: 'Strong', advice: 'Keep it in a password manager.' };
}

/** Length without what follows from the character before: repeats and runs. */
function effectiveLength(text: string): number {
  let count = 0;
  const seen = new Map<string, number>();
  for (let i = 0; i < text.length; i++) {
    const step = i === 0 ? NaN : text.charCodeAt(i) - text.charCodeAt(i - 1);
    const repeated = seen.get(text.charAt(i)) ?? 0;
    seen.set(text.charAt(i), repeated + 1);
    count += Math.abs(step) <= 1 ? 0.25 : repeated >= 3 ? 0.4 : 1;
  }
  return count;
}
