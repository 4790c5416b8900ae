// Words in a prompt that tell the agent to misbehave, for tests and demonstrations: "@@stall", "@@crash:3"
// and so on; the list with its meaning is in app/demo_agent/README.md. Pure, any thread.
#pragma once

#include <QString>

#include <vector>

namespace muster::demo {

struct Marker {
    QString name;
    QString argument; // what follows the first ':'; empty if nothing
    QString text;     // @@effect and @@once: what follows the file's name

    [[nodiscard]] int number(int otherwise) const;
};

struct MarkedText {
    QString text; // without the markers
    std::vector<Marker> markers;
};

[[nodiscard]] MarkedText takeMarkers(const QString &text);

} // namespace muster::demo
