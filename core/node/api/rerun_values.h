// What running a run again would do: values with JSON codecs (value_fields.h). Any thread.
#pragma once

#include "core/events/rerun.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <vector>

namespace muster::api {

// A step that is done anew.
struct RedoneStep {
    QString step;
    RedoReason why = RedoReason::Asked;
    QString because;   // Needs: the step that it needs
    int keptItems = 0; // items of a foreach that are not done anew
};

// What a way to run again would do.
struct RerunChoice {
    RerunMode mode = RerunMode::Whole;
    QJsonObject error; // why it is not possible (errorFromJson); empty: it is
    QStringList kept;  // steps
    std::vector<RedoneStep> redone;
};

} // namespace muster::api
