#include "core/agent/runtime_catalog.h"

#include "core/base/json_codec.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

template <> struct Fields<RuntimeAbilities> {
    using T = RuntimeAbilities;
    static constexpr auto list =
        std::tuple{field("streams_text", &T::streamsText),       field("reports_tools", &T::reportsTools),
                   field("asks_permission", &T::asksPermission), field("can_cancel", &T::canCancel),
                   field("can_resume", &T::canResume),           field("can_steer", &T::canSteer),
                   field("reports_cost", &T::reportsCost),       field("limits_turns", &T::limitsTurns),
                   field("limits_cost", &T::limitsCost),         field("takes_mcp", &T::takesMcp),
                   field("picks_model", &T::picksModel),         field("works_offline", &T::worksOffline)};
};

template <> struct Fields<AcpQuirks> {
    using T = AcpQuirks;
    static constexpr auto list = std::tuple{field("usage", &T::usage),
                                            field("resume_by", &T::resumeBy),
                                            field("load_min_age_ms", &T::loadMinAgeMs),
                                            field("mode", &T::mode),
                                            field("config_options", &T::configOptions),
                                            field("offers_file_read", &T::offersFileRead),
                                            field("offers_file_write", &T::offersFileWrite),
                                            field("takes_mcp_servers", &T::takesMcpServers)};
};

template <> struct Fields<StreamJsonQuirks> {
    using T = StreamJsonQuirks;
    static constexpr auto list = std::tuple{field("flags", &T::flags),
                                            field("agent_name", &T::agentName),
                                            field("mode", &T::mode),
                                            field("usage", &T::usage),
                                            field("needs_initialize", &T::needsInitialize),
                                            field("reports_cost", &T::reportsCost),
                                            field("answers_by_index", &T::answersByIndex)};
};

template <> struct Fields<RuntimeRecord> {
    using T = RuntimeRecord;
    static constexpr auto list = std::tuple{field("id", &T::id),
                                            field("label", &T::label),
                                            field("protocol", &T::protocol),
                                            field("argv", &T::argv),
                                            field("env", &T::env),
                                            field("pass_env", &T::passEnv),
                                            field("default_model", &T::defaultModel),
                                            field("models", &T::models),
                                            field("abilities", &T::abilities),
                                            field("quirks", &T::quirks),
                                            field("stream_json", &T::streamJson),
                                            field("handshake_timeout_ms", &T::handshakeTimeoutMs)};
};

namespace {

template <typename T> QString unknownKey(const QJsonObject &json)
{
    QStringList known;
    std::apply([&](const auto &...f) { ((known += QLatin1StringView(f.name)), ...); }, Fields<T>::list);
    const QStringList keys = json.keys();
    const auto odd = std::ranges::find_if(keys, [&](const QString &key) { return !known.contains(key); });
    return odd == keys.end() ? QString() : *odd;
}

Status checkKeys(const QJsonObject &json)
{
    for (const QString &odd :
         {unknownKey<RuntimeRecord>(json), unknownKey<RuntimeAbilities>(json.value(u"abilities").toObject()),
          unknownKey<AcpQuirks>(json.value(u"quirks").toObject()),
          unknownKey<StreamJsonQuirks>(json.value(u"stream_json").toObject())}) {
        if (!odd.isEmpty())
            return fail(ErrorCode::InvalidArgument, u"unknown key"_s, odd);
    }
    return {};
}

} // namespace

Result<RuntimeRecord> runtimeFromJson(const QByteArray &json, const QString &binFolder)
{
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (!document.isObject())
        return fail(ErrorCode::InvalidArgument, problem.errorString(), u"offset %1"_s.arg(problem.offset));
    if (Status keys = checkKeys(document.object()); !keys)
        return std::unexpected(keys.error());
    auto record = fromJsonObject<RuntimeRecord>(document.object());
    if (!record)
        return fail(ErrorCode::InvalidArgument, record.error().detail, record.error().where);
    if (record->id.isEmpty())
        return fail(ErrorCode::InvalidArgument, u"missing"_s, u"id"_s);
    if (record->argv.isEmpty())
        return fail(ErrorCode::InvalidArgument, u"missing"_s, u"argv"_s);
    record->argv.replaceInStrings(u"{bin}"_s, binFolder);
    return record;
}

Result<RuntimeCatalog> RuntimeCatalog::load(const QString &folder, const QString &binFolder)
{
    RuntimeCatalog catalog;
    const QDir dir(folder);
    const QStringList names = dir.entryList({u"*.json"_s}, QDir::Files, QDir::Name);
    for (const QString &name : names) {
        QFile file(dir.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorCode::Io, file.errorString(), file.fileName());
        auto record = runtimeFromJson(file.readAll(), binFolder);
        if (!record)
            return fail(record.error().code, record.error().detail,
                        file.fileName() + u':' + record.error().where);
        record->builtIn = true;
        catalog.add(std::move(*record));
    }
    return catalog;
}

void RuntimeCatalog::add(RuntimeRecord record)
{
    const auto same = std::ranges::find(m_records, record.id, &RuntimeRecord::id);
    if (same == m_records.end())
        m_records.push_back(std::move(record));
    else
        *same = std::move(record);
}

QStringList RuntimeCatalog::ids() const
{
    QStringList out;
    for (const RuntimeRecord &record : m_records)
        out += record.id;
    return out;
}

const RuntimeRecord *RuntimeCatalog::find(const QString &id) const
{
    const auto found = std::ranges::find(m_records, id, &RuntimeRecord::id);
    return found == m_records.end() ? nullptr : &*found;
}

} // namespace muster
