#include "core/agent/mcp_settings.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QUrl>

#include <algorithm>
#include <optional>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostServers = 64;

// One server: what is read, until something does not fit.
class EntryReader {
public:
    EntryReader(const QString &name, const QJsonObject &json)
        : m_json(json)
    {
        m_entry.name = name;
    }

    [[nodiscard]] std::optional<McpEntry> read()
    {
        const bool remote = m_json.contains("url"_L1);
        if (remote == m_json.contains("command"_L1))
            refuse({}, u"write either \"command\" or \"url\""_s);
        else if (remote)
            readRemote();
        else
            readLocal();
        return m_what.isEmpty() ? std::optional(m_entry) : std::nullopt;
    }

    [[nodiscard]] QString place() const { return m_place; }
    [[nodiscard]] QString what() const { return m_what; }

private:
    void refuse(const QString &key, const QString &what)
    {
        if (!m_what.isEmpty())
            return;
        m_place = key;
        m_what = what;
    }

    [[nodiscard]] static bool isText(const QJsonValue &value)
    {
        return value.isString() && !value.toString().contains(QChar::Null);
    }

    void readLocal()
    {
        m_entry.command = m_json.value("command"_L1).toString();
        if (!isText(m_json.value("command"_L1)) || m_entry.command.trimmed().isEmpty())
            refuse(u"command"_s, u"write the program as a text"_s);
        const QString type = m_json.value("type"_L1).toString(u"stdio"_s);
        if (type != "stdio"_L1 && type != "local"_L1)
            refuse(u"type"_s, u"a server with a command is \"stdio\""_s);
        const QJsonValue args = m_json.value("args"_L1);
        if (!args.isUndefined() && !args.isArray())
            refuse(u"args"_s, u"write a list of texts"_s);
        const QJsonArray list = args.toArray();
        for (qsizetype i = 0; i < list.size(); ++i) {
            if (!isText(list.at(i)))
                refuse(u"args[%1]"_s.arg(i), u"write a text"_s);
            m_entry.args += list.at(i).toString();
        }
        static const QRegularExpression variable(u"\\A[A-Za-z_][A-Za-z0-9_]*\\z"_s);
        m_entry.env = readValues(u"env"_s, variable, u"the name of a variable"_s);
    }

    void readRemote()
    {
        const QUrl url(m_json.value("url"_L1).toString(), QUrl::StrictMode);
        const bool isWeb = url.scheme() == "http"_L1 || url.scheme() == "https"_L1;
        if (!url.isValid() || !isWeb || url.host().isEmpty())
            refuse(u"url"_s, u"write an address that begins with http:// or https://"_s);
        m_entry.url = url.toString(QUrl::FullyEncoded);
        const QString type = m_json.value("type"_L1).toString(u"http"_s);
        if (type == "sse"_L1)
            m_entry.transport = McpEntry::Transport::Sse;
        else if (type == "http"_L1 || type == "streamable-http"_L1 || type == "streamableHttp"_L1)
            m_entry.transport = McpEntry::Transport::Http;
        else
            refuse(u"type"_s, u"a server with a url is \"http\" or \"sse\""_s);
        static const QRegularExpression header(u"\\A[A-Za-z0-9!#$%&'*+.^_`|~-]+\\z"_s);
        m_entry.headers = readValues(u"headers"_s, header, u"the name of a header"_s);
    }

    [[nodiscard]] McpEntry::Values readValues(const QString &key, const QRegularExpression &name,
                                              const QString &what)
    {
        const QJsonValue given = m_json.value(key);
        if (!given.isUndefined() && !given.isObject())
            refuse(key, u"write an object of texts"_s);
        McpEntry::Values values;
        const QJsonObject object = given.toObject();
        for (auto it = object.constBegin(); it != object.constEnd(); ++it) {
            const QString place = key + u'.' + it.key();
            if (!name.match(it.key()).hasMatch())
                refuse(place, u"this is not "_s + what);
            if (!isText(*it) || (key == "headers"_L1 && it->toString().contains(u'\n')))
                refuse(place, u"write a text"_s);
            values.emplace_back(it.key(), it->toString());
        }
        return values;
    }

    QJsonObject m_json;
    McpEntry m_entry;
    QString m_place;
    QString m_what;
};

// The parser tells how much it has read, with what is wrong.
QString placeIn(const QByteArray &text, qsizetype read)
{
    const qsizetype at = std::clamp<qsizetype>(read - 1, 0, text.size());
    const QByteArrayView before = QByteArrayView(text).first(at);
    const qsizetype lineStart = before.lastIndexOf('\n') + 1;
    return u":%1:%2"_s.arg(before.count('\n') + 1).arg(before.size() - lineStart + 1);
}

bool soundsSecret(const QString &name)
{
    static const QRegularExpression secret(u"key|token|secret|passw|credential|auth|cookie"_s,
                                           QRegularExpression::CaseInsensitiveOption);
    return secret.match(name).hasMatch();
}

} // namespace

McpSettings readMcpSettings(const QByteArray &text, const QString &file)
{
    McpSettings settings;
    const auto refuse = [&](const QString &place, const QString &what) {
        settings.problems.push_back(
            {.code = ErrorCode::InvalidArgument, .detail = what, .where = file + place});
    };
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(text, &problem);
    if (problem.error != QJsonParseError::NoError) {
        refuse(placeIn(text, problem.offset), problem.errorString());
        return settings;
    }
    const QJsonValue servers = document.object().value("mcpServers"_L1);
    if (!servers.isObject()) {
        refuse({}, u"write {\"mcpServers\": {…}}"_s);
        return settings;
    }
    static const QRegularExpression goodName(u"\\A[A-Za-z0-9_-]{1,64}\\z"_s);
    const QJsonObject named = servers.toObject();
    for (auto it = named.constBegin(); it != named.constEnd(); ++it) {
        const QString place = u": mcpServers."_s + it.key();
        EntryReader reader(it.key(), it->toObject());
        if (!goodName.match(it.key()).hasMatch())
            refuse(place, u"a name has letters, digits, - and _, at most 64"_s);
        else if (it.key() == QLatin1StringView(ownMcpServer))
            refuse(place, u"this name is Muster's own: choose another"_s);
        else if (!it->isObject())
            refuse(place, u"write an object"_s);
        else if (it.value()["disabled"_L1].toBool())
            continue;
        else if (settings.servers.size() >= static_cast<size_t>(mostServers))
            refuse(place, u"there are too many: at most %1"_s.arg(mostServers));
        else if (const auto entry = reader.read())
            settings.servers.push_back(*entry);
        else
            refuse(reader.place().isEmpty() ? place : QString(place + u'.' + reader.place()), reader.what());
    }
    return settings;
}

QStringList secretsOf(const std::vector<McpEntry> &servers)
{
    QStringList secrets;
    for (const McpEntry &server : servers) {
        for (const auto *values : {&server.env, &server.headers}) {
            for (const auto &[name, value] : *values) {
                if (soundsSecret(name))
                    secrets += {value, value.section(u' ', -1)}; // "Bearer …"
            }
        }
    }
    secrets.removeDuplicates();
    return secrets;
}

} // namespace muster
