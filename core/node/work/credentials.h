// Credentials: the keys that sign runtimes in, by the names of the variables in which the programs want them.
// Values are where KeyPlaces keeps them and nowhere else; which there are, the store knows (setting
// "secrets.names"). Every value that passes here is masked from then on wherever text leaves the program
// (core/base/redactor.h). Core thread, which owns it. Source: spec "agents", Secrets.
#pragma once

#include "core/agent/runtime_catalog.h"
#include "core/base/async.h"
#include "core/node/api/commands.h"
#include "core/node/api/values.h"
#include "core/node/events/ledger.h"
#include "core/node/work/key_places.h"

#include <QMap>

namespace muster {

class Credentials : public AsyncOwner {
public:
    // What the environment can carry, and more than any key has.
    static constexpr qsizetype longestValue = 16 * 1024;

    Credentials(Ledger &ledger, KeyPlaces &secrets, const RuntimeCatalog &runtimes);

    // What the store held when the node opened.
    void load(const QMap<QString, QJsonValue> &settings);
    [[nodiscard]] const QStringList &kept() const { return m_kept; }
    [[nodiscard]] std::vector<api::SecretInfo> list() const;

    // InvalidArgument: no runtime takes such a key ("secret", detail: those that one does), or the value
    // cannot be one ("secret_value"). Else the errors of the SecretStore.
    [[nodiscard]] Async<api::CommandDone> set(api::SetSecret command, QString by);
    // NotFound.
    [[nodiscard]] Async<api::CommandDone> remove(api::RemoveSecret command, QString by);

    // InvalidArgument, "secret_value": it cannot be a key.
    [[nodiscard]] static Status checkValue(const QString &value);

    // "NAME=value" of the keys that are kept for this runtime; one that cannot be read is an error, whose
    // detail names it. What `environment` brings for it is only masked from now on.
    [[nodiscard]] Async<QStringList> forRuntime(RuntimeRecord runtime, QStringList environment);

    // Whether what is kept can be read; nothing where nothing is kept.
    [[nodiscard]] Async<std::vector<api::CheckItem>> checks();

private:
    [[nodiscard]] QStringList known() const;
    [[nodiscard]] Status check(const api::SetSecret &command) const;
    [[nodiscard]] Async<bool> record(QString name, bool isKept, QString by);

    Ledger &m_ledger;
    KeyPlaces &m_secrets;
    const RuntimeCatalog &m_runtimes;
    QStringList m_kept; // sorted
};

} // namespace muster
