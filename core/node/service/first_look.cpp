#include "core/node/service/first_look.h"

#include "core/node/service/settings.h"
#include "core/store/connection.h"
#include "core/store/event_repository.h"
#include "core/store/project_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

template <typename Look> auto lookInto(const StoreOptions &options, Look look)
{
    const auto db = Connection::open({.file = options.file, .mode = ConnectionOptions::Mode::ReadOnly});
    return db ? look(**db) : std::unexpected(db.error());
}

Result<FirstLook> lookAtAll(Connection &db)
{
    const auto seq = EventRepository(db).lastSeq();
    const auto settings = SettingsRepository(db).all();
    const auto limits = LimitRepository(db).all();
    const auto accounts = AccountRepository(db).all();
    if (!seq)
        return std::unexpected(seq.error());
    if (!settings)
        return std::unexpected(settings.error());
    if (!limits)
        return std::unexpected(limits.error());
    if (!accounts)
        return std::unexpected(accounts.error());
    return FirstLook{.lastSeq = *seq, .settings = *settings, .limits = *limits, .accounts = *accounts};
}

} // namespace

Result<FirstLook> firstLook(const StoreOptions &options) { return lookInto(options, lookAtAll); }

Durability wishedDurability(const StoreOptions &options)
{
    Settings settings;
    if (const auto saved = lookInto(options, [](Connection &db) { return SettingsRepository(db).all(); }))
        settings.load(*saved);
    return enumFromName<Durability>(settings.text(u"store.durability"_s)).value_or(Durability::Full);
}

} // namespace muster
