#include "core/agent/runtime_reader.h"

#include "core/agent/runtime_fields.h"

#include <QDate>
#include <QFile>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QVersionNumber>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 largestFile = 1024 * 1024;

std::unexpected<Error> wrong(const QString &key, const QString &what)
{
    return fail(ErrorCode::InvalidArgument, what, key);
}

// --- keys that nothing reads

QString below(const QString &path, QStringView key)
{
    return path.isEmpty() ? key.toString() : QString(path + u'.' + key);
}

template <typename T> QString unknownKey(const QJsonValue &json, const QString &path);

template <HasFields T> QString unknownKeyOfObject(const QJsonObject &json, const QString &path)
{
    QStringList known;
    QString odd;
    const auto look = [&]<typename Member>(const Field<T, Member> &f) {
        const QString name = QLatin1StringView(f.name);
        known += name;
        if (odd.isEmpty())
            odd = unknownKey<Member>(json.value(name), below(path, name));
    };
    std::apply([&](const auto &...f) { (look(f), ...); }, Fields<T>::list);
    const QStringList keys = json.keys();
    for (const QString &key : keys) {
        if (!known.contains(key))
            return below(path, key);
    }
    return odd;
}

template <typename T> struct Inner {
    static QString unknown(const QJsonValue &json, const QString &path)
    {
        if constexpr (HasFields<T>)
            return unknownKeyOfObject<T>(json.toObject(), path);
        return {};
    }
};

template <typename T> struct Inner<std::optional<T>> : Inner<T> {};

template <typename T> struct Inner<std::vector<T>> {
    static QString unknown(const QJsonValue &json, const QString &path)
    {
        const QJsonArray items = json.toArray();
        for (qsizetype i = 0; i < items.size(); ++i) {
            if (const QString odd = Inner<T>::unknown(items.at(i), below(path, QString::number(i)));
                !odd.isEmpty())
                return odd;
        }
        return {};
    }
};

template <typename T> QString unknownKey(const QJsonValue &json, const QString &path)
{
    return Inner<T>::unknown(json, path);
}

// --- values that no type forbids

Status checkPattern(const QString &key, const QString &pattern)
{
    const QRegularExpression expression(pattern);
    if (pattern.isEmpty() || !expression.isValid())
        return wrong(key, pattern.isEmpty() ? u"missing"_s : expression.errorString());
    return {};
}

bool isVariable(const QString &name)
{
    static const QRegularExpression form(u"^[A-Za-z_][A-Za-z0-9_]*$"_s);
    return form.match(name).hasMatch();
}

Status checkNames(const RuntimeRecord &record)
{
    static const QRegularExpression form(u"^[a-z0-9][a-z0-9-]{0,63}$"_s);
    if (record.id.isEmpty())
        return wrong(u"id"_s, u"missing"_s);
    if (!form.match(record.id).hasMatch())
        return wrong(u"id"_s, u"expected small letters, digits and '-'"_s);
    if (record.label.trimmed().isEmpty())
        return wrong(u"label"_s, u"missing"_s);
    if (record.argv.isEmpty() || record.argv.front().isEmpty())
        return wrong(u"argv"_s, u"missing"_s);
    if (record.handshakeTimeoutMs < 1000)
        return wrong(u"handshake_timeout_ms"_s, u"expected at least 1000"_s);
    return {};
}

Status checkEnvironment(const RuntimeRecord &record)
{
    for (const QString &assignment : record.env) {
        if (!assignment.contains(u'=') || !isVariable(assignment.section(u'=', 0, 0)))
            return wrong(u"env"_s, u"expected NAME=value"_s);
    }
    for (const auto &[key, names] :
         {std::pair{u"pass_env"_s, record.passEnv}, std::pair{u"needs_env"_s, record.needsEnv},
          std::pair{u"sign_in.env"_s, record.signIn.env},
          std::pair{u"sign_in.home_env"_s,
                    record.signIn.homeEnv.isEmpty() ? QStringList() : QStringList(record.signIn.homeEnv)}}) {
        if (!std::ranges::all_of(names, isVariable))
            return wrong(key, u"expected names of variables"_s);
    }
    return {};
}

Status checkPrices(const QString &key, const ModelPrices &prices)
{
    for (const auto &[name, price] :
         {std::pair{u".input"_s, prices.input}, std::pair{u".output"_s, prices.output},
          std::pair{u".cached"_s, prices.cached}}) {
        if (price < 0)
            return wrong(key + name, u"expected no less than 0"_s);
    }
    if (prices.currency != u"USD")
        return wrong(key + u".currency"_s, u"expected USD"_s);
    if (!QDate::fromString(prices.date, u"yyyy-MM-dd"_s).isValid())
        return wrong(key + u".date"_s, u"expected a day as 2026-01-31"_s);
    if (prices.source.isEmpty())
        return wrong(key + u".source"_s, u"missing"_s);
    return {};
}

Status checkModels(const RuntimeRecord &record)
{
    QStringList ids;
    for (const RuntimeModel &model : record.models) {
        const QString key = u"models.%1"_s.arg(ids.size());
        if (model.id.isEmpty() || ids.contains(model.id))
            return wrong(key + u".id"_s, model.id.isEmpty() ? u"missing"_s : u"named twice"_s);
        ids += model.id;
        if (!model.prices)
            continue;
        if (Status prices = checkPrices(key + u".prices"_s, *model.prices); !prices)
            return prices;
    }
    if (!record.defaultModel.isEmpty() && !ids.contains(record.defaultModel))
        return wrong(u"default_model"_s, u"is not among models"_s);
    return {};
}

Status checkPatterns(const RuntimeRecord &record)
{
    for (size_t i = 0; i < record.quirks.errorTexts.size(); ++i) {
        const QString key = u"quirks.error_texts.%1.pattern"_s.arg(i);
        if (Status fits = checkPattern(key, record.quirks.errorTexts.at(i).pattern); !fits)
            return fits;
    }
    for (size_t i = 0; i < record.launchFailures.size(); ++i) {
        const QString key = u"launch_failures.%1.pattern"_s.arg(i);
        if (Status fits = checkPattern(key, record.launchFailures.at(i).pattern); !fits)
            return fits;
    }
    if (!record.versionPattern.isEmpty()) {
        if (Status fits = checkPattern(u"version_pattern"_s, record.versionPattern); !fits)
            return fits;
        if (QRegularExpression(record.versionPattern).captureCount() < 1)
            return wrong(u"version_pattern"_s, u"expected a group"_s);
    }
    if (!record.minimumVersion.isEmpty() && QVersionNumber::fromString(record.minimumVersion).isNull())
        return wrong(u"minimum_version"_s, u"expected a version as 1.2.3"_s);
    return {};
}

Status checkAll(const RuntimeRecord &record)
{
    for (Status (*check)(const RuntimeRecord &) :
         {checkNames, checkEnvironment, checkModels, checkPatterns}) {
        if (Status fits = check(record); !fits)
            return fits;
    }
    return {};
}

} // namespace

Result<RuntimeRecord> runtimeFromJson(const QByteArray &json, const QString &binFolder)
{
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (problem.error != QJsonParseError::NoError)
        return wrong(u"offset %1"_s.arg(problem.offset), problem.errorString());
    if (!document.isObject())
        return wrong({}, u"expected an object"_s);
    auto record = fromJsonObject<RuntimeRecord>(document.object());
    if (!record)
        return wrong(record.error().where, record.error().detail);
    if (const QString odd = unknownKeyOfObject<RuntimeRecord>(document.object(), {}); !odd.isEmpty())
        return wrong(odd, u"unknown key"_s);
    if (Status fits = checkAll(*record); !fits)
        return std::unexpected(fits.error());
    record->argv.replaceInStrings(u"{bin}"_s, binFolder);
    record->argv.replaceInStrings(u"{model}"_s, record->defaultModel);
    return record;
}

Result<RuntimeRecord> runtimeFromFile(const QString &path, const QString &binFolder)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, file.errorString(), path);
    const QByteArray content = file.read(largestFile + 1);
    if (content.size() > largestFile)
        return fail(ErrorCode::TooLarge, QString::number(largestFile), path);
    auto record = runtimeFromJson(content, binFolder);
    if (!record)
        return fail(record.error().code, record.error().detail, path + u": "_s + record.error().where);
    record->file = path;
    return record;
}

} // namespace muster
