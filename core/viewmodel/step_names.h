// StepNames: what the steps of one run are called for people, learned from the run's own events in the order
// in which they come: an item of a list by what it is about, "read · larder", instead of "read[0]". Value
// type; any thread.
#pragma once

#include "core/events/event.h"

#include <QHash>

namespace muster {

class StepNames {
public:
    void learn(const Event &event);
    // The step that the event is about; empty: none, or none that is known.
    [[nodiscard]] QString of(const Event &event) const;
    // The same event with that name in its data, for describeEvent().
    [[nodiscard]] Event named(Event event) const;

private:
    QHash<QString, QString> m_items;  // by "read[0]"
    QHash<StepRunId, QString> m_rows; // of events that only know the row
};

} // namespace muster
