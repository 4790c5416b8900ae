// What a node reads of its store before its event loop runs, each time on a connection of its own.
#pragma once

#include "core/base/result.h"
#include "core/store/account_repository.h"
#include "core/store/limit_repository.h"
#include "core/store/store.h"

#include <QMap>

namespace muster {

struct FirstLook {
    qint64 lastSeq = 0;
    QMap<QString, QJsonValue> settings;
    std::vector<LimitRow> limits;
    std::vector<AccountRow> accounts;
};

// Of a store that has been opened, so that it is of this version.
[[nodiscard]] Result<FirstLook> firstLook(const StoreOptions &options);

// How a store that may be of an earlier version wants to be opened; one that cannot be read, as by default.
[[nodiscard]] Durability wishedDurability(const StoreOptions &options);

} // namespace muster
