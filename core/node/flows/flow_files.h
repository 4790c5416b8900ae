// Flow files as text, for who edits them: read from the folders of flows (the project's, the person's, the
// built-in ones) and written into the first two, each time whole or not at all. Nothing outside of these
// folders is read or written, also not through a link. Touches files: call it on a worker thread.
#pragma once

#include "core/base/result.h"
#include "core/node/api/flow_values.h"

#include <QByteArray>

namespace muster {

struct FlowPlaces {
    QString projectRoot;  // canonical; may be empty
    QString personFolder; // holds flows/
};

// A name as FlowLibrary finds it, or a path. NotFound; PermissionDenied: not in such a folder; TooLarge.
[[nodiscard]] Result<api::FlowTextInfo> readFlowText(const FlowPlaces &places, const QString &nameOrPath);

struct FlowWrite {
    QString path; // absolute, or relative to the project
    QByteArray text;
    QString expectedHash; // empty: there is no such file yet
};

struct WrittenFlow {
    QString path;
    QString hash;
};

// PermissionDenied; InvalidArgument: the name of the file; TooLarge; Conflict: `where` is the hash of what is
// there now, empty where it is gone; Io.
[[nodiscard]] Result<WrittenFlow> writeFlowText(const FlowPlaces &places, const FlowWrite &write);

} // namespace muster
