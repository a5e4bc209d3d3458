const MARK = "听到：";

/**
 * What an answer says was heard in a voice message, in its first line, and the answer without that
 * line. An answer that says nothing of it stays as it is.
 */
export function heardIn(message) {
  if (message.direction !== "down") return { answer: message };
  const [part, ...parts] = message.parts ?? [];
  if (part && !part.href) {
    const [heard, rest] = cut(part.text);
    if (heard) return { heard, answer: { ...message, parts: [...(rest ? [{ text: rest }] : []), ...parts] } };
  }
  const [article, ...articles] = message.articles ?? [];
  const [heard, rest] = article ? inArticle(article) : [];
  return heard ? { heard, answer: { ...message, articles: [rest, ...articles] } } : { answer: message };
}

// A long title is cut short, and the description then holds all of it.
function inArticle({ title, description, ...others }) {
  if (!title.startsWith(MARK)) return [];
  const [heard, rest] = cut(description.startsWith(MARK) ? description : `${title}\n${description}`);
  return [heard, { ...others, title: "", description: rest }];
}

function cut(text) {
  if (!text.startsWith(MARK)) return [];
  const [line, ...lines] = text.split("\n");
  return [line.slice(MARK.length).trim(), lines.join("\n").trim()];
}
