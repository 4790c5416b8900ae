// A model server on loopback that does what the prompt says, for the suite tst_real_agents. No model, no
// dependency, no network. It speaks what the agent programs speak: Anthropic Messages, OpenAI Responses and
// Chat Completions, Gemini generateContent, Ollama's chat (fake_dialects.mjs); what the prompts may ask of it: fake_script.mjs.
//
//   node fake_model.mjs [port]      0 or nothing: any free port
//
// On stdout one JSON object a line: first {"port":N}, then one for each request.
import http from 'node:http';
import { dialectOf, smallTalk } from './fake_dialects.mjs';
import { decide, orderOf } from './fake_script.mjs';

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function bodyOf(request) {
    const parts = [];
    for await (const part of request) parts.push(part);
    try {
        return JSON.parse(Buffer.concat(parts).toString('utf8') || '{}');
    } catch {
        return {};
    }
}

function answerJson(response, status, value, headers = {}) {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
}

// What the providers say along with a refusal: when to come again, and whose limit it was.
function limitHeaders(act) {
    if (act.status !== 429) return {};
    const headers = { 'retry-after': String(act.retryAfterS) };
    if (act.resetS) {
        const at = String(Math.floor(Date.now() / 1000) + act.resetS);
        Object.assign(headers, {
            'anthropic-ratelimit-unified-status': 'rejected',
            'anthropic-ratelimit-unified-reset': at,
            'anthropic-ratelimit-unified-representative-claim': 'five_hour',
            'anthropic-ratelimit-unified-5h-status': 'rejected',
            'anthropic-ratelimit-unified-5h-reset': at,
            'anthropic-ratelimit-unified-5h-utilization': '1.0',
        });
    }
    return headers;
}

async function speak(dialect, act, asked, response) {
    const speaker = dialect.speaker(response, asked);
    if (!asked.streams && act.kind === 'drop') return response.destroy();
    if (!asked.streams && act.kind === 'stall') return undefined;
    if (!asked.streams) return answerJson(response, 200, speaker.whole(act));
    response.writeHead(200, { 'content-type': dialect.type ?? 'text/event-stream', 'cache-control': 'no-cache' });
    speaker.begin();
    if (act.kind === 'stall') return undefined; // open for as long as the agent holds it
    for (const chunk of act.chunks) {
        if (response.destroyed) return undefined;
        speaker.text(chunk);
        await pause(act.pauseMs);
    }
    if (act.kind === 'drop') return response.destroy();
    if (act.call) speaker.call(act.call);
    speaker.end(act);
    return response.end();
}

// Signed in is who brings the key, in whichever place the provider wants it.
function isSignedIn(request) {
    const { authorization = '', 'x-api-key': own, 'x-goog-api-key': google } = request.headers;
    return [authorization.replace(/^Bearer /, ''), own, google].includes('dummy-key');
}

let requests = 0;
async function serve(request, response) {
    const body = await bodyOf(request);
    const quick = smallTalk(request.method, request.url);
    if (quick) return answerJson(response, 200, quick);
    const dialect = dialectOf(request.url);
    if (!dialect) {
        say({ unknown: request.url });
        return answerJson(response, 404, { error: { message: 'no such place' } });
    }
    const asked = { ...dialect.read(body, request.url), id: ++requests };
    const act = decide(dialect.isOpen || isSignedIn(request) ? asked : { ...asked, refused: true });
    say({ request: asked.id, dialect: dialect.name, act: act.kind, status: act.status ?? 200, tools: asked.tools.length, orders: orderOf(asked.turns).orders });
    if (act.kind === 'fail')
        return answerJson(response, act.status, dialect.failure(act), limitHeaders(act));
    return speak(dialect, act, asked, response);
}

const server = http.createServer((request, response) => {
    serve(request, response).catch((problem) => {
        say({ problem: String(problem?.stack ?? problem) });
        response.destroy();
    });
});
// Some try a web socket first and fall back to plain requests.
server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 426 Upgrade Required\r\nConnection: close\r\n\r\n'));
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => say({ port: server.address().port }));
process.stdin.on('end', () => process.exit(0)).resume(); // whoever started it has gone
