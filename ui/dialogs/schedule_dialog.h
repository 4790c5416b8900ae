// ScheduleDialog: a schedule as a person says it, new or changed: what it starts, when, and what bounds it,
// with how it would be read and whom it would meet while it is written. What somebody else changed meanwhile
// is joined with what was written here. Of a schedule that a file says it is to be read only. GUI thread.
#pragma once

#include "core/base/result.h"
#include "core/node/api/schedule_values.h"

#include <QDialog>
#include <QTimer>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QScrollArea;

namespace muster {

class NodeFeed;
class NoticeBanner;
class ProjectContext;
class ScheduleDesk;
class ScheduleRulesForm;
class ScheduleStartForm;
class WhenField;
class WhenPreview;

class ScheduleDialog final : public QDialog {
    Q_OBJECT

public:
    // `schedule`: to be changed, as it was seen; its id is not valid: a new one.
    ScheduleDialog(NodeFeed *feed, ProjectContext *context, api::ScheduleInfo schedule,
                   QWidget *parent = nullptr);

    void reject() override; // asks first where something would be lost

private:
    void makeBanners();
    void makeSaveBanners();
    void layOut();
    [[nodiscard]] QWidget *makeForm();
    [[nodiscard]] QWidget *makeButtons();
    void lineUp();
    void setSpec(const api::ScheduleSpec &spec);
    [[nodiscard]] api::ScheduleSpec spec() const;
    void onEdited();
    void askPreview();
    void showPreview();
    void showCollision();
    void shift();
    void save();
    void onSaved(const Result<ScheduleId> &saved);
    void onConflict();
    void join(const api::ScheduleInfo &theirs);
    [[nodiscard]] QString namesOf(const QStringList &keys) const;
    [[nodiscard]] QWidget *field(const QString &key) const;
    void updateButton();
    void askPools();

    NodeFeed *m_feed;
    ProjectContext *m_context;
    api::ScheduleInfo m_schedule; // as the node has it, as far as is known here
    api::ScheduleSpec m_begun;    // what was to be changed; compared with to see whether something was
    ScheduleDesk *m_desk;
    WhenPreview *m_preview;
    NoticeBanner *m_notice;    // that a file says it, or what was changed meanwhile
    NoticeBanner *m_collision; // with others
    NoticeBanner *m_leave;     // whether what was written may be lost
    QPushButton *m_shift = nullptr;
    QScrollArea *m_scroll;
    QLineEdit *m_name;
    ScheduleStartForm *m_start;
    WhenField *m_when;
    ScheduleRulesForm *m_rules;
    QCheckBox *m_paused;
    QLabel *m_error;
    QPushButton *m_save;
    QTimer m_second;
    bool m_filling = false;
    bool m_touched = false; // by the person
    bool m_saving = false;
};

} // namespace muster
