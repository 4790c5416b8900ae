#include "core/agent/account_choice.h"

#include <algorithm>
#include <tuple>

namespace muster {

namespace {

// The smaller, the better.
auto rankOf(const AccountStanding &account)
{
    return std::tuple(account.usedPercent.value_or(0), account.limitedMs, account.usedMs);
}

AccountReason difference(const AccountStanding &taken, const AccountStanding &next)
{
    if (taken.usedPercent.value_or(0) != next.usedPercent.value_or(0))
        return AccountReason::MostLeft;
    if (taken.limitedMs != next.limitedMs)
        return AccountReason::LimitedLeast;
    return taken.usedMs != next.usedMs ? AccountReason::UsedLeast : AccountReason::InOrder;
}

} // namespace

AccountChoice chooseAccount(std::vector<AccountStanding> accounts, const std::optional<QString> &goesOn)
{
    if (accounts.size() < 2)
        return {.name = accounts.empty() ? QString() : accounts.front().name,
                .reason = AccountReason::Only,
                .restsUntilMs = accounts.empty() ? 0 : accounts.front().restsUntilMs};
    const auto found = std::ranges::find_if(
        accounts, [&](const AccountStanding &one) { return goesOn && one.name == *goesOn; });
    const auto own = found == accounts.end() ? std::nullopt : std::optional(*found);
    if (own && own->restsUntilMs == 0)
        return {.name = own->name, .reason = AccountReason::GoesOn};
    const auto resting = std::ranges::stable_partition(
        accounts, [](const AccountStanding &one) { return one.restsUntilMs == 0; });
    const auto free = std::ranges::subrange(accounts.begin(), resting.begin());
    if (free.empty()) {
        const auto soonest = std::ranges::min_element(accounts, {}, &AccountStanding::restsUntilMs);
        return {.name = own.value_or(*soonest).name,
                .reason = AccountReason::AllRest,
                .restsUntilMs = soonest->restsUntilMs};
    }
    std::ranges::stable_sort(free, {}, rankOf);
    return {.name = free.front().name,
            .reason = free.size() == 1 ? AccountReason::OthersRest : difference(free[0], free[1])};
}

} // namespace muster
