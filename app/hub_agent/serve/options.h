// What the command line and the environment say. Value type.
//
//   muster-hub-agent --program paseo
#pragma once

#include "core/base/result.h"

#include <QString>
#include <QStringList>

namespace muster::hub {

struct Options {
    QString program = QStringLiteral("paseo");
    QString provider;    // of new agents, "provider" or "provider/model": MUSTER_PASEO_PROVIDER
    QString mode;        // of new agents, a word of the provider's: MUSTER_PASEO_MODE
    QString stateFolder; // MUSTER_HUB_STATE, else in the user's state folder
};

// InvalidArgument.
[[nodiscard]] Result<Options> readOptions(const QStringList &arguments);

// The hub would take its caller for one of its own agents, and put what it starts into that one's folder.
void leaveCallersHub();

} // namespace muster::hub
