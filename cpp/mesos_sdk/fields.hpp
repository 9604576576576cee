// Where the generated classes of Mesos 1.11 keep the fields that are recorded
// (schema/mesos.proto and authorizer.proto declare which these are), message by
// message and in the order of their numbers. ../layout_check.cpp compares the
// offsets with a real Mesos's headers, ../extract.cpp compares what it reads by
// them with what the running libmesos writes, before it reads anything else.
//
// No include guard and no include: whoever includes this file has defined
//   MESSAGE(name, type)
//   FIELD(type, member, number, kind, part, offset, bit)
//   END(name)
// `kind` is one of extract.cpp's, `part` the name of another message of this
// file or None, `bit` the field's place in the word that says which are set, or
// REPEATED.

// -------------------------------------------------------------------- parts

MESSAGE(TaskID, mesos::TaskID)
FIELD(mesos::TaskID, value, 1, Text, None, 24, 0)
END(TaskID)

MESSAGE(SlaveID, mesos::SlaveID)
FIELD(mesos::SlaveID, value, 1, Text, None, 24, 0)
END(SlaveID)

MESSAGE(FrameworkID, mesos::FrameworkID)
FIELD(mesos::FrameworkID, value, 1, Text, None, 24, 0)
END(FrameworkID)

MESSAGE(ExecutorID, mesos::ExecutorID)
FIELD(mesos::ExecutorID, value, 1, Text, None, 24, 0)
END(ExecutorID)

MESSAGE(Label, mesos::Label)
FIELD(mesos::Label, key, 1, Text, None, 24, 0)
FIELD(mesos::Label, value, 2, Text, None, 32, 1)
END(Label)

MESSAGE(Labels, mesos::Labels)
FIELD(mesos::Labels, labels, 1, Parts, Label, 24, REPEATED)
END(Labels)

MESSAGE(Scalar, mesos::Value_Scalar)
FIELD(mesos::Value_Scalar, value, 1, Double, None, 24, 0)
END(Scalar)

MESSAGE(AllocationInfo, mesos::Resource_AllocationInfo)
FIELD(mesos::Resource_AllocationInfo, role, 1, Text, None, 24, 0)
END(AllocationInfo)

// What is rare is taken whole: Mesos serialises it.
MESSAGE(Resource, mesos::Resource)
FIELD(mesos::Resource, name, 1, Text, None, 48, 0)
FIELD(mesos::Resource, scalar, 3, Part, Scalar, 64, 2)
FIELD(mesos::Resource, ranges, 4, Whole, None, 72, 3)
FIELD(mesos::Resource, role, 6, Text, None, 56, 1)
FIELD(mesos::Resource, disk, 7, Whole, None, 88, 5)
FIELD(mesos::Resource, reservation, 8, Whole, None, 96, 6)
FIELD(mesos::Resource, allocation_info, 11, Part, AllocationInfo, 120, 9)
FIELD(mesos::Resource, reservations, 13, Wholes, None, 24, REPEATED)
END(Resource)

MESSAGE(URI, mesos::CommandInfo_URI)
FIELD(mesos::CommandInfo_URI, value, 1, Text, None, 24, 0)
END(URI)

MESSAGE(CommandInfo, mesos::CommandInfo)
FIELD(mesos::CommandInfo, uris, 1, Parts, URI, 24, REPEATED)
FIELD(mesos::CommandInfo, value, 3, Text, None, 72, 0)
FIELD(mesos::CommandInfo, user, 5, Text, None, 80, 1)
FIELD(mesos::CommandInfo, shell, 6, Bool, None, 96, 3)
FIELD(mesos::CommandInfo, arguments, 7, Texts, None, 48, REPEATED)
END(CommandInfo)

// ------------------------------------------------------------------- wholes

MESSAGE(ExecutorInfo, mesos::ExecutorInfo)
FIELD(mesos::ExecutorInfo, executor_id, 1, Part, ExecutorID, 72, 3)
FIELD(mesos::ExecutorInfo, resources, 5, Parts, Resource, 24, REPEATED)
FIELD(mesos::ExecutorInfo, command, 7, Part, CommandInfo, 80, 4)
FIELD(mesos::ExecutorInfo, framework_id, 8, Part, FrameworkID, 88, 5)
FIELD(mesos::ExecutorInfo, name, 9, Text, None, 56, 1)
FIELD(mesos::ExecutorInfo, container, 11, Whole, None, 96, 6)
FIELD(mesos::ExecutorInfo, labels, 14, Part, Labels, 120, 9)
FIELD(mesos::ExecutorInfo, type, 15, Enum, None, 128, 10)
END(ExecutorInfo)

MESSAGE(FrameworkInfo, mesos::FrameworkInfo)
FIELD(mesos::FrameworkInfo, user, 1, Text, None, 144, 0)
FIELD(mesos::FrameworkInfo, name, 2, Text, None, 152, 1)
FIELD(mesos::FrameworkInfo, id, 3, Part, FrameworkID, 192, 6)
FIELD(mesos::FrameworkInfo, checkpoint, 5, Bool, None, 216, 9)
FIELD(mesos::FrameworkInfo, role, 6, Text, None, 160, 2)
FIELD(mesos::FrameworkInfo, hostname, 7, Text, None, 168, 3)
FIELD(mesos::FrameworkInfo, principal, 8, Text, None, 176, 4)
FIELD(mesos::FrameworkInfo, roles, 12, Texts, None, 48, REPEATED)
END(FrameworkInfo)

MESSAGE(Task, mesos::Task)
FIELD(mesos::Task, name, 1, Text, None, 144, 0)
FIELD(mesos::Task, task_id, 2, Part, TaskID, 168, 3)
FIELD(mesos::Task, framework_id, 3, Part, FrameworkID, 176, 4)
FIELD(mesos::Task, executor_id, 4, Part, ExecutorID, 184, 5)
FIELD(mesos::Task, slave_id, 5, Part, SlaveID, 192, 6)
FIELD(mesos::Task, state, 6, Enum, None, 240, 12)
FIELD(mesos::Task, resources, 7, Parts, Resource, 24, REPEATED)
FIELD(mesos::Task, labels, 11, Part, Labels, 200, 7)
FIELD(mesos::Task, container, 13, Whole, None, 216, 9)
FIELD(mesos::Task, user, 14, Text, None, 160, 2)
END(Task)

MESSAGE(TaskInfo, mesos::TaskInfo)
FIELD(mesos::TaskInfo, name, 1, Text, None, 120, 0)
FIELD(mesos::TaskInfo, task_id, 2, Part, TaskID, 136, 2)
FIELD(mesos::TaskInfo, slave_id, 3, Part, SlaveID, 144, 3)
FIELD(mesos::TaskInfo, resources, 4, Parts, Resource, 24, REPEATED)
FIELD(mesos::TaskInfo, executor, 5, Part, ExecutorInfo, 152, 4)
FIELD(mesos::TaskInfo, command, 7, Part, CommandInfo, 160, 5)
FIELD(mesos::TaskInfo, container, 9, Whole, None, 176, 7)
FIELD(mesos::TaskInfo, labels, 10, Part, Labels, 184, 8)
END(TaskInfo)

MESSAGE(Object, mesos::authorization::Object)
FIELD(mesos::authorization::Object, value, 1, Text, None, 24, 0)
FIELD(
    mesos::authorization::Object, framework_info, 2, Part, FrameworkInfo, 32, 1)
FIELD(mesos::authorization::Object, task, 3, Part, Task, 40, 2)
FIELD(mesos::authorization::Object, task_info, 4, Part, TaskInfo, 48, 3)
FIELD(mesos::authorization::Object, executor_info, 5, Part, ExecutorInfo, 56, 4)
FIELD(mesos::authorization::Object, quota_info, 6, Whole, None, 64, 5)
FIELD(mesos::authorization::Object, weight_info, 7, Whole, None, 72, 6)
FIELD(mesos::authorization::Object, resource, 8, Part, Resource, 80, 7)
FIELD(mesos::authorization::Object, command_info, 9, Part, CommandInfo, 88, 8)
FIELD(mesos::authorization::Object, container_id, 10, Whole, None, 96, 9)
FIELD(mesos::authorization::Object, machine_id, 11, Whole, None, 104, 10)
END(Object)

MESSAGE(Request, mesos::authorization::Request)
FIELD(mesos::authorization::Request, subject, 1, Whole, None, 24, 0)
FIELD(mesos::authorization::Request, action, 2, Enum, None, 40, 2)
FIELD(mesos::authorization::Request, object, 3, Part, Object, 32, 1)
END(Request)
