// How the place fares that keys.store chooses, for a check of the set-up.
#include "core/node/work/key_advice.h"
#include "core/node/work/key_places.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

const QString itemName = u"key store"_s;

// Under a name that no key has: asks for nothing that could have to be unlocked.
const QString nothing = u"muster/none"_s;

bool isReachable(const Result<QString> &answer)
{
    return answer || answer.error().code == ErrorCode::NotFound;
}

} // namespace

Async<std::vector<api::CheckItem>> KeyPlaces::checks()
{
    const QString store = m_options.choice();
    if (store == "ask"_L1)
        co_return std::vector{
            api::CheckItem{.name = itemName, .state = u"ok"_s, .detail = u"ask"_s, .advice = {}}};
    const auto item = store == "file"_L1 ? co_await checkFile() : co_await checkKeychain();
    co_return item.transform([](const api::CheckItem &one) { return std::vector{one}; });
}

Async<api::CheckItem> KeyPlaces::checkKeychain()
{
    const auto answer = co_await resultOf(m_keychain.read(nothing));
    const bool fine = isReachable(answer);
    co_return api::CheckItem{.name = itemName,
                             .state = fine ? u"ok"_s : u"warning"_s,
                             .detail = fine || answer.error().detail.isEmpty()
                                           ? u"keychain"_s
                                           : QString(u"keychain: " + answer.error().detail),
                             .advice = fine ? QString() : u"store_"_s + adviceFor(answer.error())};
}

Async<api::CheckItem> KeyPlaces::checkFile()
{
    const QString place = u"file "_s + m_file.path();
    if (m_file.state() == KeyFile::State::None)
        co_return api::CheckItem{
            .name = itemName, .state = u"warning"_s, .detail = place, .advice = u"key_file_new"_s};
    const auto answer = co_await resultOf(m_file.read(nothing));
    const bool fine = isReachable(answer);
    co_return api::CheckItem{.name = itemName,
                             .state = fine ? u"ok"_s : u"warning"_s,
                             .detail = place,
                             .advice = fine ? QString() : adviceFor(answer.error())};
}

} // namespace muster
