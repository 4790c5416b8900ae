// The wire formats of the model providers: how a request is read, and how an answer is said in each.
// Sources: the providers' API references (Messages streaming, Responses streaming events, Chat Completions
// chunks, generateContent, Ollama's chat).
import { anthropic } from './fake_anthropic.mjs';
import { chat, responses } from './fake_openai.mjs';
import { gemini } from './fake_gemini.mjs';
import { ollama } from './fake_ollama.mjs';

const DIALECTS = [anthropic, responses, chat, gemini, ollama];

export const dialectOf = (url) => DIALECTS.find((dialect) => dialect.path.test(url));

// Requests that are no turn: lists of models, counts of tokens.
export function smallTalk(method, url) {
    if (/count_tokens/.test(url)) return { input_tokens: 42 };
    if (/countTokens/.test(url)) return { totalTokens: 42 };
    if (method === 'GET' && /\/api\/tags/.test(url)) return { models: [{ name: 'fake-model', model: 'fake-model' }] };
    if (method !== 'GET' || !/\/models/.test(url)) return null;
    const model = { id: 'fake-model', object: 'model', type: 'model', display_name: 'Fake', created_at: '2026-01-01T00:00:00Z' };
    return { object: 'list', data: [model], has_more: false };
}
