#include "app/demo_agent/serve/misbehaviour.h"

#include "app/demo_agent/serve/hostile_output.h"
#include "app/demo_agent/serve/session_store.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QProcess>

#include <unistd.h>

#include <csignal>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

constexpr int rateLimited = -32011;
constexpr int authRequired = -32000;

QByteArray jsonBytes(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

RpcError rateLimit(const Marker &marker)
{
    QJsonObject data{{u"kind"_s, u"rate_limited"_s}, {u"errorKind"_s, u"rate_limit"_s}};
    if (const int seconds = marker.number(-1); seconds >= 0) {
        data.insert(u"retryAfterSeconds"_s, seconds);
        data.insert(u"resetAt"_s,
                    QDateTime::currentDateTimeUtc().addSecs(seconds).toString(Qt::ISODateWithMs));
    }
    return {.code = rateLimited, .message = u"Rate limit reached"_s, .data = jsonBytes(data)};
}

bool endsOrHalts(const QString &name)
{
    return name == "crash"_L1 || name == "kill"_L1 || name == "stall"_L1;
}

QString absoluteIn(const QString &root, const QString &path)
{
    return QDir::cleanPath(QDir(root).absoluteFilePath(path));
}

// A grandchild in a session of its own that ignores every polite signal and keeps our output open.
void startStubbornChild(const Marker &marker)
{
    QProcess shell;
    shell.setProcessChannelMode(QProcess::ForwardedChannels);
    shell.setStandardInputFile(QProcess::nullDevice());
    shell.start(u"/bin/sh"_s, {u"-c"_s, u"setsid sh -c 'trap \"\" TERM HUP INT; exec sleep %1' &"_s.arg(
                                            marker.number(600))});
    shell.waitForFinished(3000);
}

void effect(const QString &root, const Marker &marker, Actions &actions)
{
    const QString path = absoluteIn(root, marker.argument);
    if (!markerMayWrite(root, path))
        return;
    QFile file(path);
    const QString old = file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    const Edit edit{.path = path,
                    .shown = marker.argument,
                    .oldText = old,
                    .newText = old + marker.text + u'\n',
                    .existed = file.exists()};
    // The guard of the edit is the folder that holds the file, which markerMayWrite() has judged.
    (void)actions.write(edit, QFileInfo(path).path());
}

} // namespace

bool markerMayWrite(const QString &root, const QString &path)
{
    QString folder = QFileInfo(path).path();
    while (!QFileInfo::exists(folder) && folder != "/"_L1)
        folder = QFileInfo(folder).path();
    const QString real = QFileInfo(folder).canonicalFilePath() + u'/';
    // Each session may have been given a temporary folder of its own, so the system's one is named too.
    const QStringList allowed{root, QDir::tempPath(), u"/tmp"_s, SessionStore::defaultFolder()};
    return std::ranges::any_of(allowed, [&](const QString &place) {
        const QString canonical = QFileInfo(place).canonicalFilePath();
        return !canonical.isEmpty() && real.startsWith(canonical + u'/');
    });
}

Misbehaviour::Misbehaviour(QString root, std::vector<Marker> markers, bool resumed)
    : m_root(std::move(root))
    , m_markers(std::move(markers))
{
    settleOnce();
    if (resumed)
        std::erase_if(m_markers, [](const Marker &marker) { return endsOrHalts(marker.name); });
}

// "@@once:FILE:crash" is "@@crash" the first time and nothing after.
void Misbehaviour::settleOnce()
{
    std::vector<Marker> settled;
    for (const Marker &marker : m_markers) {
        if (marker.name != "once"_L1) {
            settled.push_back(marker);
            continue;
        }
        const QString path = absoluteIn(m_root, marker.argument);
        QFile file(path);
        if (markerMayWrite(m_root, path) && file.open(QIODevice::WriteOnly | QIODevice::NewOnly)) {
            for (const Marker &inner : takeMarkers(u"@@"_s + marker.text).markers)
                settled.push_back(inner);
        }
    }
    m_markers = std::move(settled);
}

double Misbehaviour::costUsd() const
{
    int micro = 0;
    for (const Marker &marker : m_markers)
        micro += marker.name == "cost"_L1 ? marker.number(0) : 0;
    return micro / 1e6;
}

std::optional<RpcError> Misbehaviour::error() const
{
    for (const Marker &marker : m_markers) {
        if (marker.name == "ratelimit"_L1)
            return rateLimit(marker);
        if (marker.name == "autherr"_L1)
            return RpcError{
                .code = authRequired,
                .message = u"Authentication required"_s,
                .data = jsonBytes({{u"kind"_s, u"auth_required"_s}, {u"errorKind"_s, u"auth_required"_s}})};
        if (marker.name == "fail"_L1)
            return RpcError{.code = RpcInternalError,
                            .message = u"The demo agent was told to fail"_s,
                            .data =
                                jsonBytes({{u"kind"_s, u"failed"_s}, {u"errorKind"_s, u"server_error"_s}})};
    }
    return std::nullopt;
}

void Misbehaviour::act(const Marker &marker, Narrator &narrator, Actions &actions)
{
    if (marker.name == "slow"_L1)
        narrator.pace().ms = marker.number(200);
    else if (marker.name == "chunk"_L1)
        narrator.pace().chunk = std::max(marker.number(24), 1);
    else if (marker.name == "flood"_L1)
        flood(narrator, marker.number(16));
    else if (marker.name == "count"_L1)
        countUp(narrator, marker.number(100));
    else if (marker.name == "bigline"_L1)
        bigLine(narrator, marker.number(16));
    else if (marker.name == "garbage"_L1)
        garbage(narrator);
    else if (marker.name == "badutf8"_L1)
        badUtf8(narrator);
    else if (marker.name == "loop"_L1)
        toolLoop(narrator, marker.number(-1));
    else if (marker.name == "ask"_L1)
        (void)actions.run(u"touch asked.txt"_s);
    else if (marker.name == "child"_L1)
        startStubbornChild(marker);
    else if (marker.name == "effect"_L1)
        effect(m_root, marker, actions);
}

void Misbehaviour::beforeAnswer(Narrator &narrator, Actions &actions)
{
    // A cancel may have come before this turn's thread began.
    if (std::ranges::any_of(m_markers, [](const Marker &m) { return m.name == "ignorecancel"_L1; }))
        narrator.port().ignoreStop();
    for (const Marker &marker : m_markers) {
        if (!narrator.port().stopped())
            act(marker, narrator, actions);
    }
}

void Misbehaviour::amidAnswer(Narrator &narrator)
{
    for (const Marker &marker : m_markers) {
        if (marker.name == "stall"_L1) {
            narrator.port().rest(marker.argument.isEmpty() ? -1 : marker.number(0) * 1000);
        } else if (marker.name == "crash"_L1) {
            narrator.port().flush();
            ::_exit(marker.number(1));
        } else if (marker.name == "kill"_L1) {
            narrator.port().flush();
            (void)std::raise(SIGKILL);
        }
    }
}

} // namespace muster::demo
