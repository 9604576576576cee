/* What `_scheduler.so` wants from Python 2.7 in order to be loaded.
 *
 * The library is a Python extension as well as all of libmesos. Nothing here
 * is ever called: the test bed uses the Mesos half only. */

#include <stdio.h>
#include <stdlib.h>

void* PyExc_Exception = NULL;
void* PyExc_TypeError = NULL;
long _Py_NoneStruct[4] = {1};

#define STUB(name)                                         \
  void name(void);                                         \
  void name(void)                                          \
  {                                                        \
    fputs("test bed: " #name " is only a stub\n", stderr); \
    abort();                                               \
  }

STUB(PyArg_ParseTuple)
STUB(PyDict_GetItemString)
STUB(PyErr_Format)
STUB(PyErr_Occurred)
STUB(PyErr_Print)
STUB(PyEval_InitThreads)
STUB(PyEval_RestoreThread)
STUB(PyEval_SaveThread)
STUB(PyGILState_Ensure)
STUB(PyGILState_Release)
STUB(PyImport_ImportModule)
STUB(PyInt_FromLong)
STUB(PyIter_Next)
STUB(PyList_GetItem)
STUB(PyList_New)
STUB(PyList_SetItem)
STUB(PyList_Size)
STUB(PyModule_AddObject)
STUB(PyModule_GetDict)
STUB(PyObject_CallMethod)
STUB(PyObject_GetIter)
STUB(PyString_AsStringAndSize)
STUB(PyType_Ready)
STUB(Py_InitModule4_64)
