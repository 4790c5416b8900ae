// A node in this process, a model server, and a project, for tests of the runtimes that are reached over
// HTTP.
#pragma once

#include "tests/core/node/node_harness.h"
#include "tests/support/fake_model_server.h"

#include <QDir>

#include <algorithm>

namespace muster::testing {

using namespace Qt::StringLiterals;

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

class ModelBed {
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

    // What a node looks up at its start is set before that.
    enum class Setup : std::uint8_t { All, NoKey, NoAddress };
    explicit ModelBed(const QString &id, Setup setup = Setup::All)
        : runtime(*std::ranges::find(httpRuntimes(), id, &HttpRuntime::id))
        , server(runtime.kind)
        , m_isSet(setEnvironment(setup))
        , node(false)
    {
        (void)node.submit(api::SetSetting{.key = u"runtime.default"_s, .value = id});
        put(u"flows/own.flow.yaml"_s, "muster: 1\nname: own\nsteps:\n  - { id: a, prompt: 'do it' }\n");
    }
    ~ModelBed() { cleanEnvironment(); }
    ModelBed(const ModelBed &) = delete;
    ModelBed &operator=(const ModelBed &) = delete;

    [[nodiscard]] RunId start()
    {
        const auto run = node.submit(api::StartRun{
            .project = m_folder.path(), .flow = u"own"_s, .runtime = runtime.id, .trust = true});
        m_run = run ? run->refs.run : RunId();
        return m_run;
    }
    [[nodiscard]] std::optional<api::RunDetail> run() { return node.ended(start()); }

    // One message and its answer; `messagesAfter`: in the conversation then.
    [[nodiscard]] bool chat(const QString &text, size_t messagesAfter)
    {
        if (!m_conversation.isValid()) {
            const auto made =
                node.submit(api::NewConversation{.project = m_folder.path(), .runtime = runtime.id});
            if (!made)
                return false;
            m_conversation = made->refs.conversation;
        }
        return node.submit(api::SendMessage{.conversation = m_conversation, .text = text}) && waitFor([&] {
            const auto all = node.query(api::ListMessages{.conversation = m_conversation});
            return all && all->size() == messagesAfter && all->back().status == MessageStatus::Complete;
        });
    }

    [[nodiscard]] std::vector<Event> events(const QString &kind)
    {
        return node
            .query(api::ListEvents{.filter = {.run = m_run, .conversation = m_conversation, .kinds = {kind}}})
            .value_or(std::vector<Event>());
    }
    [[nodiscard]] QJsonObject lastEvent(const QString &kind)
    {
        const auto all = events(kind);
        return all.empty() ? QJsonObject() : all.back().data;
    }

    [[nodiscard]] QString path(const QString &relative) const { return m_folder.filePath(relative); }
    [[nodiscard]] QByteArray content(const QString &relative) const
    {
        QFile file(path(relative));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void put(const QString &relative, const QByteArray &content) const
    {
        QDir().mkpath(QFileInfo(path(relative)).path());
        QFile file(path(relative));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }

    // Everything that works in the project, by its folder: also what left every group and session.
    [[nodiscard]] QList<qint64> processes() const
    {
        QList<qint64> pids;
        const QStringList all = QDir(u"/proc"_s).entryList(QDir::Dirs);
        for (const QString &pid : all) {
            if (QFile::symLinkTarget(u"/proc/%1/cwd"_s.arg(pid)) == m_folder.path())
                pids += pid.toLongLong();
        }
        return pids;
    }
    [[nodiscard]] bool isEmptyOfProcesses() const
    {
        return waitFor([this] { return processes().isEmpty(); });
    }
    [[nodiscard]] QList<qint64> agents() const
    {
        QList<qint64> pids = processes();
        pids.removeIf([](qint64 pid) {
            return !QFile::symLinkTarget(u"/proc/%1/exe"_s.arg(pid)).endsWith(u"/muster-model-agent");
        });
        return pids;
    }

    HttpRuntime runtime;
    FakeModelServer server;

private:
    [[nodiscard]] bool setEnvironment(Setup setup) const
    {
        if (setup != Setup::NoAddress)
            qputenv(runtime.addressName.constData(), QString(server.url() + runtime.base).toUtf8());
        return runtime.keyName.isEmpty() || setup == Setup::NoKey ||
               qputenv(runtime.keyName.constData(), "key-of-the-test");
    }

    bool m_isSet;

public:
    NodeHarness node;

private:
    QTemporaryDir m_folder;
    RunId m_run;
    ConversationId m_conversation;
};

} // namespace muster::testing
