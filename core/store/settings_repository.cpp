#include "core/store/project_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// JSON has no bare values in QJsonDocument: each is kept in a list of one.
QString toText(const QJsonValue &value)
{
    const QByteArray json = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(json.sliced(1, json.size() - 2));
}

QJsonValue fromText(const QString &text)
{
    return QJsonDocument::fromJson(QByteArray('[' + text.toUtf8() + ']')).array().at(0);
}

} // namespace

Result<std::optional<QJsonValue>> SettingsRepository::get(const QString &key)
{
    return m_db.value<QString>(u"SELECT value FROM settings WHERE key = ?"_s, key)
        .transform([](const auto &text) { return text.transform(fromText); });
}

Status SettingsRepository::set(const QString &key, const QJsonValue &value, qint64 nowMs)
{
    return m_db
        .run(u"INSERT INTO settings(key, value, updated_at) VALUES (?, ?, ?) ON CONFLICT(key) DO UPDATE SET "
             "value = excluded.value, updated_at = excluded.updated_at"_s,
             key, toText(value), nowMs)
        .transform([](qint64) {});
}

Status SettingsRepository::remove(const QString &key)
{
    return m_db.run(u"DELETE FROM settings WHERE key = ?"_s, key).transform([](qint64) {});
}

Result<QMap<QString, QJsonValue>> SettingsRepository::all()
{
    Statement statement = m_db.prepare(u"SELECT key, value FROM settings"_s);
    QMap<QString, QJsonValue> settings;
    while (true) {
        const auto more = statement.next();
        if (!more)
            return std::unexpected(more.error());
        if (!*more)
            return settings;
        QString key;
        QString text;
        statement.read(key, text);
        settings.insert(key, fromText(text));
    }
}

} // namespace muster
