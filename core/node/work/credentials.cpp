#include "core/node/work/credentials.h"

#include "core/base/redactor.h"
#include "core/node/work/key_advice.h"
#include "core/process/environment_filter.h"
#include "core/store/permission_repository.h"
#include "core/store/project_repository.h"

#include <QProcessEnvironment>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

const QString settingKey = u"secrets.names"_s;

QStringList namesIn(const QJsonValue &setting)
{
    QStringList names = setting.toVariant().toStringList();
    names.sort();
    return names;
}

bool isPrintable(const QString &value)
{
    return std::ranges::none_of(value, [](QChar c) { return c.category() == QChar::Other_Control; });
}

} // namespace

Credentials::Credentials(Ledger &ledger, KeyPlaces &secrets, const RuntimeCatalog &runtimes)
    : m_ledger(ledger)
    , m_secrets(secrets)
    , m_runtimes(runtimes)
{
}

void Credentials::load(const QMap<QString, QJsonValue> &settings)
{
    m_kept = namesIn(settings.value(settingKey));
}

QStringList Credentials::known() const
{
    QStringList names;
    for (const RuntimeRecord &runtime : m_runtimes.all())
        names += runtime.signIn.env;
    names.removeDuplicates();
    names.sort();
    return names;
}

std::vector<api::SecretInfo> Credentials::list() const
{
    QStringList names = known() + m_kept;
    names.removeDuplicates();
    names.sort();
    const QStringList environment = QProcessEnvironment::systemEnvironment().toStringList();
    std::vector<api::SecretInfo> out;
    for (const QString &name : std::as_const(names)) {
        const bool isKept = m_kept.contains(name);
        api::SecretInfo info{.name = name,
                             .isKept = isKept,
                             .place = isKept ? m_secrets.placeOf(name) : QString(),
                             .isAtHand = isKept && m_secrets.isAtHand(name),
                             .inEnvironment = !environmentValue(environment, name).isEmpty()};
        for (const RuntimeRecord &runtime : m_runtimes.all()) {
            if (runtime.signIn.env.contains(name))
                info.runtimes += runtime.id;
        }
        out.push_back(std::move(info));
    }
    return out;
}

Status Credentials::check(const api::SetSecret &command) const
{
    const QStringList names = known();
    if (!names.contains(command.name))
        return fail(ErrorCode::InvalidArgument, names.join(u", "_s), u"secret"_s);
    return checkValue(command.value);
}

Status Credentials::checkValue(const QString &value)
{
    const bool fits = !value.isEmpty() && value.size() <= longestValue;
    return fits && isPrintable(value)
               ? Status()
               : fail(ErrorCode::InvalidArgument, QString::number(longestValue), u"secret_value"_s);
}

Async<api::CommandDone> Credentials::set(api::SetSecret command, QString by)
{
    if (const Status fits = check(command); !fits)
        co_return std::unexpected(fits.error());
    Redactor::global().addSecret(command.value);
    const auto written = co_await resultOf(m_secrets.write(command.name, command.value));
    if (!written)
        co_return std::unexpected(written.error());
    const auto recorded = co_await record(command.name, true, by);
    co_return recorded.transform([&](bool) {
        return api::CommandDone{.text = command.name, .list = {m_secrets.placeOf(command.name)}};
    });
}

Async<api::CommandDone> Credentials::remove(api::RemoveSecret command, QString by)
{
    if (!m_kept.contains(command.name))
        co_return fail(ErrorCode::NotFound, command.name, u"secret"_s);
    const auto removed = co_await resultOf(m_secrets.remove(command.name));
    if (!removed && removed.error().code != ErrorCode::NotFound)
        co_return std::unexpected(removed.error());
    const auto recorded = co_await record(command.name, false, by);
    co_return recorded.transform([&](bool) { return api::CommandDone{.text = command.name}; });
}

Async<bool> Credentials::record(QString name, bool isKept, QString by)
{
    const auto names = co_await resultOf(
        m_ledger.commitAsync([name, isKept, by](Connection &db, EventBatch &log) -> Result<QStringList> {
        SettingsRepository settings(db);
        const auto before = settings.get(settingKey);
        if (!before)
            return std::unexpected(before.error());
        QStringList kept = namesIn(before->value_or(QJsonValue()));
        kept.removeAll(name);
        if (isKept)
            kept += name;
        kept.sort();
        const QString what = isKept ? u"secret.kept"_s : u"secret.removed"_s;
        log.add(what, {}, by, {{u"name"_s, name}});
        if (Status noted = AuditRepository(db).add(
                {.atMs = log.nowMs(), .who = by, .what = what, .data = {{u"name"_s, name}}});
            !noted)
            return std::unexpected(noted.error());
        return settings.set(settingKey, QJsonArray::fromStringList(kept), log.nowMs()).transform([&] {
            return kept;
        });
    }));
    if (!names)
        co_return std::unexpected(names.error());
    m_kept = *names;
    co_return true;
}

Async<QStringList> Credentials::forRuntime(RuntimeRecord runtime, QStringList environment)
{
    QStringList assignments;
    for (const QString &name : std::as_const(runtime.signIn.env)) {
        Redactor::global().addSecret(environmentValue(environment, name));
        if (!m_kept.contains(name))
            continue;
        const auto value = co_await resultOf(m_secrets.read(name));
        if (!value) {
            Error error = value.error();
            error.detail = error.detail.isEmpty() ? name : QString(name + u": "_s + error.detail);
            co_return std::unexpected(error);
        }
        Redactor::global().addSecret(*value);
        assignments += name + u'=' + *value;
    }
    co_return assignments;
}

Async<std::vector<api::CheckItem>> Credentials::checks()
{
    std::vector<api::CheckItem> out;
    const QStringList kept = m_kept;
    for (const QString &name : kept) {
        const auto value = co_await resultOf(m_secrets.read(name));
        if (value)
            Redactor::global().addSecret(*value);
        out.push_back({.name = u"key "_s + name,
                       .state = value ? u"ok"_s : u"warning"_s,
                       .detail = value ? m_secrets.placeOf(name) : value.error().detail,
                       .advice = value ? QString() : adviceFor(value.error())});
        if (!value && value.error().code == ErrorCode::Timeout)
            break; // the others wait for the same answer
    }
    co_return out;
}

} // namespace muster
