// Plays a recorded conversation with a real agent against AcpAdapter: the agent's bytes go in, what the
// client did is done through the adapter's commands, what comes out is kept as one line of text an event.
#pragma once

#include "core/events/event.h"
#include "core/protocol/acp/acp_adapter.h"

#include <QFile>
#include <QJsonDocument>
#include <QStringList>

#include <functional>

namespace muster::testing {

using namespace Qt::StringLiterals;

inline QString lineOf(const SessionEvent &event)
{
    return kindOf(event) + u' ' +
           QString::fromUtf8(QJsonDocument(toJson(event)).toJson(QJsonDocument::Compact));
}

class Recorder final : public ProtocolSink {
public:
    void send(const QByteArray &bytes) override { sent.append(bytes); }
    void opened(const SessionStarted &started) override { lines.append(u"opened "_s + lineOf(started)); }
    void openFailed(const OpenFailure &failure) override
    {
        lines.append(u"open_failed "_s + enumName(failure.reason) + u' ' + failure.detail);
    }
    void happened(const SessionEvent &event) override
    {
        lines.append(lineOf(event));
        if (const auto *asked = std::get_if<PermissionRequested>(&event))
            permissions.append(asked->requestId);
        events.push_back(event);
    }
    void withdrew(const QString &id) override { lines.append(u"withdrawn "_s + id); }
    void repeated(const ReplayedItem &item) override
    {
        lines.append(u"replayed "_s + (item.event ? lineOf(*item.event) : item.personText));
    }
    void wantsFile(const FileRequest &request) override
    {
        lines.append((request.content ? u"write_file "_s : u"read_file "_s) + request.path);
        files.append(request);
    }

    [[nodiscard]] QJsonObject lastSent() const { return QJsonDocument::fromJson(sent.last()).object(); }
    [[nodiscard]] qsizetype count(const QString &start) const
    {
        return std::ranges::count_if(lines, [&](const QString &l) { return l.startsWith(start); });
    }

    QList<QByteArray> sent;
    QStringList lines;
    QStringList permissions;
    QList<FileRequest> files;
    std::vector<SessionEvent> events;
};

using Feed = std::function<void(AcpAdapter &, const QByteArray &)>;

class Replay {
public:
    explicit Replay(const QString &path)
    {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            return;
        const QList<QByteArray> lines = file.readAll().split('\n');
        for (const QByteArray &line : lines) {
            const QJsonObject entry = QJsonDocument::fromJson(line).object();
            const QString direction = entry.value(u"dir").toString();
            if (direction == QLatin1StringView("<"))
                steps.append({false, QJsonObject(), between(line) + '\n'});
            else if (direction == QLatin1StringView(">") && entry.value(u"msg").isObject())
                steps.append({true, entry.value(u"msg").toObject(), {}});
        }
    }

    void play(AcpAdapter &adapter, Recorder &recorder, const Feed &feed) const
    {
        for (const Step &step : steps) {
            if (step.ours)
                act(adapter, recorder, step.message);
            else
                feed(adapter, step.bytes);
        }
    }

    [[nodiscard]] bool isEmpty() const { return steps.isEmpty(); }

private:
    struct Step {
        bool ours = false;
        QJsonObject message;
        QByteArray bytes;
    };

    // The recorder wrapped the agent's line; its bytes stand in it unchanged.
    static QByteArray between(const QByteArray &line)
    {
        const qsizetype from = line.indexOf("\"msg\":") + 6;
        return line.sliced(from).chopped(1);
    }

    static void act(AcpAdapter &adapter, Recorder &recorder, const QJsonObject &message)
    {
        const QString method = message.value(u"method").toString();
        const QJsonObject params = message.value(u"params").toObject();
        if (method == QLatin1StringView("session/new") || method == QLatin1StringView("session/load"))
            return; // the adapter goes on by itself
        if (method == QLatin1StringView("initialize"))
            adapter.open(
                {.workingDir = QStringLiteral("/lab/work"), .resumeId = {}, .model = {}, .mcpServers = {}});
        else if (method == QLatin1StringView("session/prompt"))
            (void)adapter.prompt({.text = params.value(u"prompt")[0][u"text"].toString(), .attachments = {}});
        else if (method == QLatin1StringView("session/cancel"))
            adapter.cancel();
        else if (!recorder.files.isEmpty() && message.value(u"result").isNull())
            adapter.answerFile(recorder.files.takeFirst().requestId, QString());
        else if (!recorder.permissions.isEmpty())
            (void)adapter.answerPermission(recorder.permissions.takeFirst(),
                                           {.allowed = true, .message = {}});
    }

    QList<Step> steps;
};

} // namespace muster::testing
