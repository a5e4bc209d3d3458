const MARK = "听到：";

/**
 * What an answer says was heard in a voice message, in the first line of its text or under the title
 * of its card, and the answer without that line. An answer that says nothing of it stays as it is.
 */
export function heardIn(message) {
  if (message.direction !== "down") return { answer: message };
  const [part, ...parts] = message.parts ?? [];
  if (part && !part.href) {
    const [heard, rest] = cut(part.text);
    if (heard) return { heard, answer: { ...message, parts: [...(rest ? [{ text: rest }] : []), ...parts] } };
  }
  const [article, ...articles] = message.articles ?? [];
  const [heard, description] = cut(article?.description ?? "");
  if (heard) return { heard, answer: { ...message, articles: [{ ...article, description }, ...articles] } };
  return { answer: message };
}

function cut(text) {
  if (!text.startsWith(MARK)) return [];
  const [line, ...lines] = text.split("\n");
  return [line.slice(MARK.length).trim(), lines.join("\n").trimStart()];
}
