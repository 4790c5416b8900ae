#include "core/node/work/key_places.h"

#include "core/base/redactor.h"
#include "core/store/permission_repository.h"
#include "core/store/project_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

const QString settingKey = u"secrets.places"_s;
const QString inKeychain = u"keychain"_s;
const QString inMemory = u"ask"_s;
const QString inFile = u"file"_s;

QMap<QString, QString> placesIn(const QJsonValue &setting)
{
    QMap<QString, QString> places;
    const QJsonObject all = setting.toObject();
    for (auto one = all.begin(); one != all.end(); ++one)
        places.insert(one.key(), one.value().toString());
    return places;
}

QString nameOf(KeyFile::State state)
{
    switch (state) {
    case KeyFile::State::None:
        return u"none"_s;
    case KeyFile::State::Locked:
        return u"locked"_s;
    case KeyFile::State::Open:
        break;
    }
    return u"open"_s;
}

} // namespace

KeyPlaces::KeyPlaces(Ledger &ledger, KeyPlaceOptions options)
    : m_ledger(ledger)
    , m_options(std::move(options))
    , m_keychain(m_options.service)
    , m_file(m_options.file)
{
}

void KeyPlaces::load(const QMap<QString, QJsonValue> &settings)
{
    m_places = placesIn(settings.value(settingKey));
}

QString KeyPlaces::placeOf(const QString &name) const { return m_places.value(name, inKeychain); }

bool KeyPlaces::isAtHand(const QString &name) const
{
    const QString place = placeOf(name);
    if (place == inMemory)
        return m_asked.has(name);
    return place != inFile || m_file.state() == KeyFile::State::Open;
}

api::KeyStoreInfo KeyPlaces::info() const
{
    const QString store = m_options.choice();
    return {.store = store,
            .isFixed = m_options.isFixed(),
            .file = m_file.path(),
            .fileState = nameOf(m_file.state()),
            .fileIsUsed = store == inFile || m_places.values().contains(inFile)};
}

SecretStore &KeyPlaces::storeAt(const QString &place)
{
    if (place == inFile)
        return m_file;
    if (place == inMemory)
        return m_asked;
    return m_keychain;
}

QFuture<Result<QString>> KeyPlaces::read(const QString &name) { return storeAt(placeOf(name)).read(name); }

QFuture<Result<QString>> KeyPlaces::write(const QString &name, const QString &value)
{
    return writeTo(m_options.choice(), name, value);
}

QFuture<Result<QString>> KeyPlaces::remove(const QString &name) { return removeFrom(placeOf(name), name); }

Async<QString> KeyPlaces::writeTo(QString place, QString name, QString value)
{
    const auto written = co_await resultOf(storeAt(place).write(name, value));
    if (!written || m_places.value(name) == place)
        co_return written;
    const QString before = m_places.value(name);
    const auto recorded = co_await record(name, place);
    if (!recorded)
        co_return std::unexpected(recorded.error());
    // Out of date, and not waited for: what cannot be reached any more is often why there is a new place.
    if (!before.isEmpty())
        (void)storeAt(before).remove(name);
    co_return name;
}

Async<QString> KeyPlaces::removeFrom(QString place, QString name)
{
    const auto removed = co_await resultOf(storeAt(place).remove(name));
    if ((!removed && removed.error().code != ErrorCode::NotFound) || !m_places.contains(name))
        co_return removed;
    const auto recorded = co_await record(name, {});
    co_return recorded.and_then([&](bool) { return removed; });
}

Async<bool> KeyPlaces::record(QString name, QString place)
{
    const auto places = co_await resultOf(m_ledger.commitAsync(
        [name, place](Connection &db, EventBatch &log) -> Result<QMap<QString, QString>> {
        SettingsRepository settings(db);
        const auto before = settings.get(settingKey);
        if (!before)
            return std::unexpected(before.error());
        QJsonObject all = before->value_or(QJsonValue()).toObject();
        if (place.isEmpty())
            all.remove(name);
        else
            all.insert(name, place);
        return settings.set(settingKey, all, log.nowMs()).transform([&] { return placesIn(all); });
    }));
    if (!places)
        co_return std::unexpected(places.error());
    m_places = *places;
    co_return true;
}

Async<api::CommandDone> KeyPlaces::unlock(api::UnlockKeys command, QString by)
{
    const bool isNew = m_file.state() == KeyFile::State::None;
    if (isNew && m_options.choice() != inFile)
        co_return fail(ErrorCode::Conflict, m_options.choice(), u"key_file_unused"_s);
    if (isNew && command.passphrase.size() < shortestPassphrase)
        co_return fail(ErrorCode::InvalidArgument, QString::number(shortestPassphrase),
                       u"passphrase_short"_s);
    Redactor::global().addSecret(command.passphrase);
    const auto opened = co_await resultOf(m_file.unlock(command.passphrase));
    if (!opened)
        co_return std::unexpected(opened.error());
    const auto noted = co_await resultOf(
        m_ledger.commitAsync([by, isNew, path = *opened](Connection &db, EventBatch &log) -> Result<bool> {
        const QString what = isNew ? u"secret.file_made"_s : u"secret.file_unlocked"_s;
        const QJsonObject data{{u"file"_s, path}};
        log.add(what, {}, by, data);
        return AuditRepository(db)
            .add({.atMs = log.nowMs(), .who = by, .what = what, .data = data})
            .transform([] { return true; });
    }));
    co_return noted.transform([&](bool) { return api::CommandDone{.text = *opened}; });
}

} // namespace muster
