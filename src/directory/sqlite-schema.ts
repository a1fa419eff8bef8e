/** The tables have the names and columns of the views that an LMS's own database offers. An empty section is none. */
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS allim_student (user_index INTEGER PRIMARY KEY, user_id TEXT NOT NULL, user_name TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS allim_educator_student (
    educator_index INTEGER NOT NULL, student_index INTEGER NOT NULL, PRIMARY KEY (student_index, educator_index)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS allim_adviser (
    educator_index INTEGER NOT NULL, student_index INTEGER NOT NULL, PRIMARY KEY (student_index, educator_index)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS allim_course (course_id INTEGER PRIMARY KEY, course_name TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS allim_course_educator (
    course_id INTEGER NOT NULL, educator_index INTEGER NOT NULL, section TEXT NOT NULL, PRIMARY KEY (course_id, educator_index, section)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS allim_course_student (
    course_id INTEGER NOT NULL, student_index INTEGER NOT NULL, section TEXT NOT NULL, PRIMARY KEY (course_id, student_index, section)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS allim_assignment (
    assignment_id INTEGER PRIMARY KEY, course_id INTEGER NOT NULL, assignment_name TEXT NOT NULL, due_at TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS allim_quiz (
    quiz_id INTEGER PRIMARY KEY, course_id INTEGER NOT NULL, quiz_name TEXT NOT NULL, due_at TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS allim_lesson (
    lesson_id INTEGER PRIMARY KEY, course_id INTEGER NOT NULL, lesson_name TEXT NOT NULL, due_at TEXT
  ) STRICT;
`
