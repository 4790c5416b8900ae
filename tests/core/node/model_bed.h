// A node in this process, a model server, and a project, for tests of the runtimes that are reached over
// HTTP.
#pragma once

#include "tests/core/node/agent_bed.h"
#include "tests/support/fake_model_server.h"

#include <algorithm>

namespace muster::testing {

struct HttpRuntime {
    QString id;
    ModelApiKind kind = ModelApiKind::Anthropic;
    QByteArray addressName;
    QString base; // of the address, after host and port
    QByteArray keyName;
    QByteArray keyHeader;
    QString path;
    bool countsCached = true;
};

inline const std::vector<HttpRuntime> &httpRuntimes()
{
    static const std::vector<HttpRuntime> all{
        {.id = u"anthropic"_s,
         .kind = ModelApiKind::Anthropic,
         .addressName = "ANTHROPIC_BASE_URL",
         .base = {},
         .keyName = "ANTHROPIC_API_KEY",
         .keyHeader = "x-api-key",
         .path = u"/v1/messages"_s},
        {.id = u"openai"_s,
         .kind = ModelApiKind::Responses,
         .addressName = "OPENAI_BASE_URL",
         .base = u"/v1"_s,
         .keyName = "OPENAI_API_KEY",
         .keyHeader = "authorization",
         .path = u"/v1/responses"_s},
        {.id = u"openai-compatible"_s,
         .kind = ModelApiKind::Chat,
         .addressName = "OPENAI_COMPATIBLE_BASE_URL",
         .base = u"/v1/"_s,
         .keyName = "OPENAI_COMPATIBLE_API_KEY",
         .keyHeader = "authorization",
         .path = u"/v1/chat/completions"_s},
        {.id = u"gemini-api"_s,
         .kind = ModelApiKind::Gemini,
         .addressName = "GOOGLE_GEMINI_BASE_URL",
         .base = {},
         .keyName = "GEMINI_API_KEY",
         .keyHeader = "x-goog-api-key",
         .path = u"/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse"_s},
        {.id = u"ollama"_s,
         .kind = ModelApiKind::Ollama,
         .addressName = "OLLAMA_HOST",
         .base = {},
         .keyName = {},
         .keyHeader = {},
         .path = u"/api/chat"_s,
         .countsCached = false},
    };
    return all;
}

// The provider of a runtime, and the environment that leads there.
class ModelProvider {
public:
    // Call first: what the person has set must not matter.
    static void cleanEnvironment()
    {
        for (const HttpRuntime &runtime : httpRuntimes()) {
            qunsetenv(runtime.addressName.constData());
            if (!runtime.keyName.isEmpty())
                qunsetenv(runtime.keyName.constData());
        }
        qputenv("MUSTER_MODEL_RETRIES", "2");
        qputenv("MUSTER_MODEL_RETRY_MS", "10");
    }

    enum class Setup : std::uint8_t { All, NoKey, NoAddress };
    ModelProvider(const QString &id, Setup setup)
        : runtime(*std::ranges::find(httpRuntimes(), id, &HttpRuntime::id))
        , server(runtime.kind)
    {
        if (setup != Setup::NoAddress)
            qputenv(runtime.addressName.constData(), QString(server.url() + runtime.base).toUtf8());
        if (!runtime.keyName.isEmpty() && setup != Setup::NoKey)
            qputenv(runtime.keyName.constData(), "key-of-the-test");
    }
    ~ModelProvider() { cleanEnvironment(); }
    ModelProvider(const ModelProvider &) = delete;
    ModelProvider &operator=(const ModelProvider &) = delete;

    HttpRuntime runtime;
    FakeModelServer server;
};

class ModelBed : public ModelProvider, public AgentBed {
public:
    explicit ModelBed(const QString &id, Setup setup = Setup::All)
        : ModelProvider(id, setup)
        , AgentBed(id, "'do it'")
    {
    }

    [[nodiscard]] QByteArray content(const QString &relative) const
    {
        QFile file(path(relative));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] QList<qint64> agents() const { return processes(u"/muster-model-agent"_s); }
};

} // namespace muster::testing
