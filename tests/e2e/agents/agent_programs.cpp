#include "tests/e2e/agents/agent_programs.h"

#include "tests/e2e/muster_home.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>

#include <algorithm>

namespace muster::e2e {

using namespace Qt::StringLiterals;

namespace {

const QByteArray codexConfig = R"(model = "gpt-5.5"
model_provider = "fake"
check_for_update_on_startup = false
[analytics]
enabled = false
[features]
plugins = false
[model_providers.fake]
name = "Fake"
base_url = "@URL@/v1"
env_key = "@KEY@"
wire_api = "responses"
request_max_retries = 1
stream_max_retries = 1
)";

const QByteArray opencodeConfig = R"({
  "autoupdate": false, "share": "disabled", "model": "fake/fake-model", "small_model": "fake/fake-model",
  "provider": { "fake": {
    "npm": "@ai-sdk/openai-compatible", "name": "Fake",
    "options": { "baseURL": "@URL@/v1", "apiKey": "{env:OPENAI_API_KEY}" },
    "models": { "fake-model": {
      "name": "Fake", "limit": { "context": 200000, "output": 8192 }, "tool_call": true,
      "cost": { "input": 3, "output": 15, "cache_read": 0.3 } } } } }
})";

const QByteArray geminiSettings = R"({
  "general": { "enableAutoUpdate": false, "enableAutoUpdateNotification": false },
  "privacy": { "usageStatisticsEnabled": false }, "telemetry": { "enabled": false },
  "security": { "auth": { "selectedType": "gemini-api-key" } }
})";

const QByteArray qwenSettings = R"({
  "general": { "enableAutoUpdate": false },
  "privacy": { "usageStatisticsEnabled": false }, "telemetry": { "enabled": false },
  "security": { "auth": { "selectedType": "openai" } }, "model": { "name": "fake-model" }
})";

const QByteArray piModels = R"({ "providers": { "fake": {
  "baseUrl": "@URL@/v1", "api": "openai-completions", "apiKey": "$@KEY@",
  "models": [ { "id": "fake-model", "contextWindow": 200000, "maxTokens": 8192,
    "cost": { "input": 3, "output": 15, "cacheRead": 0.3, "cacheWrite": 3.75 } } ] } } })";

QStringList claudeEnvironment()
{
    return {u"ANTHROPIC_BASE_URL=@URL@"_s,
            u"CLAUDE_CODE_MAX_RETRIES=1"_s,
            u"DISABLE_TELEMETRY=1"_s,
            u"DISABLE_ERROR_REPORTING=1"_s,
            u"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1"_s,
            u"IS_SANDBOX=1"_s}; // as root it does not start otherwise
}

// Ours, asking the fake model by HTTP.
AgentProgram modelAgent(const QString &runtime, const QString &address, const QString &key)
{
    return {.runtime = runtime,
            .package = {},
            .environment = {address, u"MUSTER_MODEL_RETRY_MS=200"_s},
            .key = key};
}

QString cacheOf(const AgentProgram &program)
{
    return agentCache() + u'/' + (program.folder.isEmpty() ? program.runtime : program.folder);
}

} // namespace

const std::vector<AgentProgram> &agentPrograms()
{
    static const std::vector<AgentProgram> programs{
        {.runtime = u"opencode"_s,
         .package = u"opencode-ai"_s,
         .environment = {u"OPENCODE_DISABLE_MODELS_FETCH=1"_s, u"OPENCODE_DISABLE_DEFAULT_PLUGINS=1"_s},
         .key = u"OPENAI_API_KEY=dummy-key"_s,
         .files = {{u".config/opencode/opencode.json"_s, opencodeConfig}}},
        {.runtime = u"gemini"_s,
         .package = u"@google/gemini-cli"_s,
         .environment = {u"GOOGLE_GEMINI_BASE_URL=@URL@"_s, u"GEMINI_TELEMETRY_ENABLED=false"_s},
         .key = u"GEMINI_API_KEY=dummy-key"_s,
         .files = {{u".gemini/settings.json"_s, geminiSettings}}},
        {.runtime = u"qwen"_s,
         .package = u"@qwen-code/qwen-code"_s,
         .environment = {u"OPENAI_BASE_URL=@URL@/v1"_s, u"OPENAI_MODEL=fake-model"_s,
                         u"QWEN_TELEMETRY_ENABLED=false"_s},
         .key = u"OPENAI_API_KEY=dummy-key"_s,
         .files = {{u".qwen/settings.json"_s, qwenSettings}}},
        {.runtime = u"qwen-native"_s,
         .package = u"@qwen-code/qwen-code"_s,
         .environment = {u"OPENAI_BASE_URL=@URL@/v1"_s, u"OPENAI_MODEL=fake-model"_s,
                         u"QWEN_TELEMETRY_ENABLED=false"_s},
         .key = u"OPENAI_API_KEY=dummy-key"_s,
         .files = {{u".qwen/settings.json"_s, qwenSettings}},
         .folder = u"qwen"_s},
        {.runtime = u"copilot"_s,
         .package = u"@github/copilot"_s,
         .environment = {u"COPILOT_OFFLINE=true"_s, u"COPILOT_PROVIDER_BASE_URL=@URL@/v1"_s,
                         u"COPILOT_PROVIDER_TYPE=openai"_s, u"COPILOT_MODEL=fake-model"_s},
         .key = u"COPILOT_PROVIDER_API_KEY=dummy-key"_s},
        {.runtime = u"claude-acp"_s,
         .package = u"@agentclientprotocol/claude-agent-acp"_s,
         .environment = claudeEnvironment(),
         .key = u"ANTHROPIC_API_KEY=dummy-key"_s,
         .limitKey = u"CLAUDE_CODE_OAUTH_TOKEN=dummy-key"_s},
        {.runtime = u"codex-acp"_s,
         .package = u"@agentclientprotocol/codex-acp"_s,
         .environment = {u"CODEX_HOME=@HOME@/.codex"_s},
         .key = u"FAKE_MODEL_KEY=dummy-key"_s,
         .files = {{u".codex/config.toml"_s, codexConfig}}},
        {.runtime = u"claude"_s,
         .package = u"@anthropic-ai/claude-code"_s,
         .environment = claudeEnvironment(),
         .key = u"ANTHROPIC_API_KEY=dummy-key"_s,
         .limitKey = u"CLAUDE_CODE_OAUTH_TOKEN=dummy-key"_s},
        {.runtime = u"codex"_s,
         .package = u"@openai/codex"_s,
         .environment = {u"CODEX_HOME=@HOME@/.codex"_s},
         .key = u"OPENAI_API_KEY=dummy-key"_s,
         .files = {{u".codex/config.toml"_s, codexConfig}}},
        {.runtime = u"pi"_s,
         .package = u"@earendil-works/pi-coding-agent"_s,
         .environment = {u"PI_OFFLINE=1"_s, u"PI_SKIP_VERSION_CHECK=1"_s, u"PI_TELEMETRY=0"_s},
         .key = u"OPENAI_API_KEY=dummy-key"_s,
         .files = {{u".pi/agent/models.json"_s, piModels}},
         .model = u"fake/fake-model"_s},
        modelAgent(u"anthropic"_s, u"ANTHROPIC_BASE_URL=@URL@"_s, u"ANTHROPIC_API_KEY=dummy-key"_s),
        modelAgent(u"openai"_s, u"OPENAI_BASE_URL=@URL@/v1"_s, u"OPENAI_API_KEY=dummy-key"_s),
        modelAgent(u"openai-compatible"_s, u"OPENAI_COMPATIBLE_BASE_URL=@URL@/v1"_s,
                   u"OPENAI_COMPATIBLE_API_KEY=dummy-key"_s),
        modelAgent(u"gemini-api"_s, u"GOOGLE_GEMINI_BASE_URL=@URL@"_s, u"GEMINI_API_KEY=dummy-key"_s),
        modelAgent(u"ollama"_s, u"OLLAMA_HOST=@URL@"_s, {}),
    };
    return programs;
}

const AgentProgram *findProgram(const QString &runtime)
{
    const auto found = std::ranges::find(agentPrograms(), runtime, &AgentProgram::runtime);
    return found == agentPrograms().end() ? nullptr : &*found;
}

QString agentCache()
{
    const QString set = qEnvironmentVariable("MUSTER_AGENT_CACHE");
    return set.isEmpty() ? QString(QDir::homePath() + u"/.cache/muster-e2e") : QDir(set).absolutePath();
}

QString installedVersion(const AgentProgram &program)
{
    if (program.package.isEmpty())
        return QStringLiteral(MUSTER_VERSION);
    const QByteArray complete = readFile(cacheOf(program) + u"/.complete").trimmed();
    return complete.isEmpty() ? QString() : QString::fromUtf8(complete).section(u'@', -1);
}

QString nodeProgram()
{
    const QString program = agentCache() + u"/node22/node_modules/.bin/node";
    const bool complete = readFile(agentCache() + u"/node22/.complete").startsWith("node@22.");
    return complete && QFileInfo(program).isExecutable() ? program : QString();
}

QStringList prepareHome(const AgentProgram &program, const QString &home, const QString &url)
{
    const auto filled = [&](QString text) {
        return text.replace(u"@HOME@"_s, home)
            .replace(u"@KEY@"_s, program.key.section(u'=', 0, 0))
            .replace(u"@URL@"_s, url);
    };
    QDir().mkpath(home);
    for (const auto &[name, content] : program.files)
        writeFile(home + u'/' + name, filled(QString::fromUtf8(content)).toUtf8());
    const QString bins =
        u"%1/node_modules/.bin:%2/node22/node_modules/.bin"_s.arg(cacheOf(program), agentCache());
    QStringList out{QString(u"PATH=" + bins + u":/usr/local/bin:/usr/bin:/bin"),
                    QString(u"HOME=" + home),
                    QString(u"XDG_CONFIG_HOME=" + home + u"/.config"),
                    QString(u"XDG_DATA_HOME=" + home + u"/.local/share"),
                    QString(u"XDG_STATE_HOME=" + home + u"/.local/state"),
                    QString(u"XDG_CACHE_HOME=" + home + u"/.cache"),
                    u"LANG=C.UTF-8"_s,
                    u"TERM=dumb"_s,
                    u"SHELL=/bin/bash"_s};
    for (const QString &line : program.environment)
        out += filled(line);
    return out;
}

} // namespace muster::e2e
